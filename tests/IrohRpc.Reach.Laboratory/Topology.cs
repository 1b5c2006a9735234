using System.Diagnostics;

namespace IrohRpc.Reach.Laboratory;

/// <summary>Two hosts, each at a site of its own, and between them a network that a relay is in.</summary>
internal sealed class Topology : IDisposable
{
    // In the place of public addresses: miniupnpd refuses to map ports of private ones. Nothing leaves the namespaces.
    private const string CoreAddress = "11.77.0.1";

    private readonly List<NetworkSpace> _spaces = [];
    private readonly List<PortMappingRouter> _routers = [];
    private readonly NetworkSpace _core;
    private readonly Site _callerSite;

    public Topology(Site server, Site caller, Neighbourhood neighbourhood = Neighbourhood.None)
    {
        _callerSite = caller;
        try
        {
            _core = Add();
            _core.Run("ip link add bridge type bridge");
            _core.Run("ip link set bridge up");
            _core.Run($"ip address add {CoreAddress}/16 dev bridge");
            if (neighbourhood == Neighbourhood.None)
            {
                Server = AddHost(1, server);
                Caller = AddHost(2, caller);
            }
            else
            {
                (Server, Caller) = AddNeighbours(neighbourhood);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public NetworkSpace Server { get; }

    public NetworkSpace Caller { get; }

    /// <summary>The network between the hosts, which stands for the internet.</summary>
    public NetworkSpace Core => _core;

    /// <summary>Starts a relay inside the network between the hosts.</summary>
    public Process StartRelay(string program) => _core.Start(program, "relay", CoreAddress + ":3340");

    /// <summary>Starts a place where addresses are published inside that network: by pkarr, and by DNS.</summary>
    public Process StartLookup(string program) => _core.Start(program, "lookup", CoreAddress + ":8080", CoreAddress + ":53");

    /// <summary>Gives the caller's host another address in place of the one that it has, as another network does.</summary>
    public void MoveCaller()
    {
        (string before, string after, string gateway) = _callerSite is Site.Nat or Site.OpenNat or Site.SymmetricNat or Site.MappingNat or Site.DoubleNat
            ? ("192.168.2.2/24", "192.168.2.77/24", "192.168.2.1")
            : ("11.77.2.2/16", "11.77.2.77/16", "");
        Caller.Run($"ip address del {before} dev net");
        Caller.Run($"ip address add {after} dev net");
        if (gateway.Length > 0)
        {
            Caller.Run($"ip route add default via {gateway}");
        }
    }

    public void Dispose()
    {
        foreach (PortMappingRouter router in _routers)
        {
            router.Dispose();
        }

        foreach (NetworkSpace space in Enumerable.Reverse(_spaces))
        {
            space.Dispose();
        }
    }

    private NetworkSpace Add()
    {
        var space = new NetworkSpace();
        _spaces.Add(space);
        return space;
    }

    private NetworkSpace AddHost(int number, Site site)
    {
        NetworkSpace host = Add();
        switch (site)
        {
            case Site.Nat or Site.SymmetricNat:
                Join(host, AddNat(number, _core, $"11.77.{number}.2/16", site == Site.SymmetricNat), $"192.168.{number}");
                break;
            case Site.MappingNat:
                NetworkSpace mapping = AddNat(number, _core, $"11.77.{number}.2/16", isSymmetric: true);
                Join(host, mapping, $"192.168.{number}");
                _routers.Add(new PortMappingRouter(mapping));
                break;
            case Site.OpenNat:
                NetworkSpace open = AddNat(number, _core, $"11.77.{number}.2/16", isSymmetric: false);
                open.Run("nft -f -", $$"""
                    table ip nat {
                        chain in { type nat hook prerouting priority -100; iifname "wan" meta l4proto udp dnat to 192.168.{{number}}.2; }
                    }
                    flush chain ip filter through
                    """);
                Join(host, open, $"192.168.{number}");
                break;
            case Site.DoubleNat:
                NetworkSpace outer = AddNat(number, _core, $"11.77.{number}.2/16", isSymmetric: false);
                NetworkSpace inner = AddNat(number, outer, $"172.16.{number}.2/24", isSymmetric: false);
                outer.Run($"ip address add 172.16.{number}.1/24 dev to{number}");
                inner.Run($"ip route add default via 172.16.{number}.1");
                Join(host, inner, $"192.168.{number}");
                break;
            default:
                ConnectToCore(host, "net", number, $"11.77.{number}.2/16");
                break;
        }

        switch (site)
        {
            case Site.UdpBlocked:
                host.Run("nft -f -", """
                    table inet filter {
                        chain leaving { type filter hook output priority 0; meta l4proto udp drop; }
                        chain coming { type filter hook input priority 0; meta l4proto udp drop; }
                    }
                    """);
                break;
            case Site.SmallMtu:
                host.Run("ip link set net mtu 1280");
                break;
            case Site.Lossy:
                host.Run("nft -f -", """
                    table inet filter {
                        chain leaving { type filter hook output priority 0; oifname "net" numgen random mod 100 < 2 drop; }
                        chain coming { type filter hook input priority 0; iifname "net" numgen random mod 100 < 2 drop; }
                    }
                    """);
                break;
            case Site.WithIpv6:
                host.Run($"ip address add fd77::{number}:2/64 dev net nodad");
                break;
        }

        return host;
    }

    // Two hosts behind one NAT: in one network, or each behind a NAT of its own again, as at a provider that shares addresses.
    private (NetworkSpace Server, NetworkSpace Caller) AddNeighbours(Neighbourhood neighbourhood)
    {
        NetworkSpace shared = AddNat(1, _core, "11.77.1.2/16", isSymmetric: false);
        shared.Run("ip link add lan type bridge");
        shared.Run("ip link set lan up");
        shared.Run("ip address add 100.64.1.1/24 dev lan");
        if (neighbourhood == Neighbourhood.SameHairpinNat)
        {
            // Whoever sends to a port of the outside address from inside gets to the host that has it, and seems to come from outside.
            shared.Run("nft -f -", """
                flush chain ip nat out
                table ip nat {
                    map hosts { type inet_service : ipv4_addr; flags dynamic, timeout; timeout 5m; }
                    chain in { type nat hook prerouting priority -100; iifname "lan" ip daddr 11.77.1.2 meta l4proto udp dnat to udp dport map @hosts; }
                    chain out {
                        oifname "wan" meta l4proto udp update @hosts { udp sport : ip saddr }
                        oifname "wan" masquerade
                        oifname "lan" ct status dnat snat to 11.77.1.2
                    }
                }
                """);
        }

        return (AddNeighbour(1), AddNeighbour(2));

        NetworkSpace AddNeighbour(int number)
        {
            NetworkSpace host = Add();
            NetworkSpace inside = neighbourhood == Neighbourhood.SameNetwork ? host : AddInnerNat(number);
            if (inside == host)
            {
                Attach(host, "net", number);
            }
            else
            {
                Join(host, inside, $"192.168.{number}");
            }

            return host;
        }

        NetworkSpace AddInnerNat(int number)
        {
            NetworkSpace nat = Add();
            Attach(nat, "wan", number);
            MakeNat(nat, isSymmetric: false);
            return nat;
        }

        void Attach(NetworkSpace space, string name, int number)
        {
            space.Connect(name, shared, $"port{number}");
            shared.Run($"ip link set port{number} master lan");
            space.Run($"ip address add 100.64.1.{number + 1}/24 dev {name}");
            space.Run("ip route add default via 100.64.1.1");
        }
    }

    private NetworkSpace AddNat(int number, NetworkSpace outside, string address, bool isSymmetric)
    {
        NetworkSpace nat = Add();
        if (outside == _core)
        {
            ConnectToCore(nat, "wan", number, address);
        }
        else
        {
            nat.Connect("wan", outside, $"to{number}");
            nat.Run($"ip address add {address} dev wan");
        }

        MakeNat(nat, isSymmetric);
        return nat;
    }

    private static void MakeNat(NetworkSpace nat, bool isSymmetric)
    {
        nat.Run("sysctl -q -w net.ipv4.ip_forward=1");
        nat.Run("nft -f -", $$"""
            table ip nat {
                chain out { type nat hook postrouting priority 100; oifname "wan" masquerade{{(isSymmetric ? " fully-random" : "")}}; }
            }
            table ip filter {
                chain through { type filter hook forward priority 0; ct status dnat accept; iifname "wan" ct state new drop; }
                chain coming { type filter hook input priority 0; iifname "wan" ct state new drop; }
            }
            """);
    }

    private static void Join(NetworkSpace host, NetworkSpace nat, string network)
    {
        host.Connect("net", nat, "lan");
        nat.Run($"ip address add {network}.1/24 dev lan");
        host.Run($"ip address add {network}.2/24 dev net");
        host.Run($"ip route add default via {network}.1");
    }

    private void ConnectToCore(NetworkSpace space, string name, int number, string address)
    {
        space.Connect(name, _core, $"port{number}");
        _core.Run($"ip link set port{number} master bridge");
        space.Run($"ip address add {address} dev {name}");
    }
}
