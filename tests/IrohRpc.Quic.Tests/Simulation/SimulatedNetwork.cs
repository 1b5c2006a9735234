using System.Net;
using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>
/// A network of simulated hosts and the clock that they share. Whatever happens, happens because of the seed: the same seed gives the same run.
/// </summary>
internal sealed class SimulatedNetwork
{
    // No run that gets anywhere needs so many events for one moment.
    private const int MaxEventsPerMoment = 100_000;

    private readonly PriorityQueue<SimulatedDatagram, (TimeSpan, long)> _underWay = new();
    private readonly List<SimulatedHost> _hosts = [];
    private readonly Dictionary<UdpAddress, SimulatedHost> _routes = [];
    private readonly Dictionary<(SimulatedHost, SimulatedHost), SimulatedLink> _links = [];
    private readonly Dictionary<(UdpAddress, UdpAddress), SimulatedLink> _addressLinks = [];
    private long _sequence;
    private int _nextAddress = 1;

    public SimulatedNetwork(int seed) => Random = new Random(seed);

    public Random Random { get; }

    public TimeSpan Now { get; private set; }

    public IReadOnlyList<SimulatedHost> Hosts => _hosts;

    public void Add(SimulatedHost host)
    {
        _hosts.Add(host);
        Rebind(host, changesHost: true);
    }

    /// <summary>Gives a host another address, as a NAT does that has forgotten a mapping; datagrams to the old one are lost from now on.</summary>
    public void Rebind(SimulatedHost host, bool changesHost)
    {
        UdpAddress old = host.Address;
        UdpAddress address = changesHost || old.IsUnspecified
            ? UdpAddress.From(new IPEndPoint(IPAddress.Parse($"10.0.0.{_nextAddress++}"), 1000))
            : UdpAddress.From(new IPEndPoint(old.ToIPEndPoint().Address, old.Port + 1));
        _routes.Remove(old);
        _routes.Add(address, host);
        host.Address = address;
    }

    /// <summary>Gives a host a further address, which it can migrate to.</summary>
    public UdpAddress AddAddress(SimulatedHost host)
    {
        UdpAddress address = UdpAddress.From(new IPEndPoint(IPAddress.Parse($"10.0.1.{_nextAddress++}"), 1000));
        _routes.Add(address, host);
        return address;
    }

    /// <summary>Takes an address away.</summary>
    public void RemoveAddress(UdpAddress address) => _routes.Remove(address);

    /// <summary>Connects two hosts.</summary>
    public void Connect(SimulatedHost one, SimulatedHost other, LinkConditions there, LinkConditions back)
    {
        _links[(one, other)] = new SimulatedLink(this, there);
        _links[(other, one)] = new SimulatedLink(this, back);
    }

    /// <summary>Connects two addresses by a link of their own, beside the one between their hosts.</summary>
    public void Connect(UdpAddress one, UdpAddress other, LinkConditions there, LinkConditions back)
    {
        _addressLinks[(one, other)] = new SimulatedLink(this, there);
        _addressLinks[(other, one)] = new SimulatedLink(this, back);
    }

    public SimulatedLink Link(UdpAddress from, UdpAddress to) => _addressLinks[(from, to)];

    public SimulatedLink Link(SimulatedHost from, SimulatedHost to) => _links[(from, to)];

    public void Transmit(SimulatedHost from, SimulatedDatagram datagram)
    {
        if (_routes.TryGetValue(datagram.To, out SimulatedHost? to))
        {
            (_addressLinks.TryGetValue((datagram.From, datagram.To), out SimulatedLink? link) ? link : _links[(from, to)]).Transmit(datagram);
        }
    }

    public void Schedule(TimeSpan arrival, SimulatedDatagram datagram) => _underWay.Enqueue(datagram, (arrival, _sequence++));

    /// <summary>Lets time pass until <paramref name="isDone"/>, or until nothing happens any more, or until <paramref name="limit"/>.</summary>
    /// <returns>Whether it is done.</returns>
    public bool Run(Func<bool> isDone, TimeSpan limit)
    {
        TimeSpan end = Now + limit;
        int eventsOfMoment = 0;
        foreach (SimulatedHost host in _hosts)
        {
            host.Flush();
        }

        while (!isDone())
        {
            TimeSpan next = _underWay.TryPeek(out _, out (TimeSpan Time, long) first) ? first.Time : TimeSpan.MaxValue;
            foreach (SimulatedHost host in _hosts)
            {
                next = host.NextTimeout < next ? host.NextTimeout : next;
            }

            if (next > end)
            {
                Now = end;
                return false;
            }

            eventsOfMoment = next > Now ? 0 : eventsOfMoment + 1;
            if (eventsOfMoment > MaxEventsPerMoment)
            {
                throw new InvalidOperationException($"Time stands still at {Now}.");
            }

            Now = next > Now ? next : Now;
            Step();
        }

        return true;
    }

    private void Step()
    {
        while (_underWay.TryPeek(out SimulatedDatagram? datagram, out (TimeSpan Time, long) first) && first.Time <= Now)
        {
            _underWay.Dequeue();
            if (_routes.TryGetValue(datagram.To, out SimulatedHost? host))
            {
                host.Receive(datagram);
            }
        }

        foreach (SimulatedHost host in _hosts)
        {
            host.HandleTimeout();
        }
    }
}
