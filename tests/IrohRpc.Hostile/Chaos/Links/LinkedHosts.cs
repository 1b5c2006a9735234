using System.Diagnostics;
using System.Net;
using IrohRpc.Tests.Shared.Iroh;

namespace IrohRpc.Hostile;

/// <summary>
/// Two hosts with an emulated link between them: this process's own network namespace, in which its callers are, and another for services. Nothing of it reaches the outside.
/// </summary>
internal sealed class LinkedHosts : IDisposable
{
    private const string Device = "link0";
    private const int FirstCallerHost = 11;

    private readonly NetworkNamespace _services;
    private readonly TunDevice _near;
    private readonly TunDevice _far;
    private readonly LinkPump _outbound;
    private readonly LinkPump _inbound;
    private int _callerHost = FirstCallerHost;

    /// <summary>Sets the hosts up. This process must be in a namespace of its own: see <see cref="StartInside"/>.</summary>
    /// <exception cref="InvalidOperationException">The machine lacks something; the message says what.</exception>
    public LinkedHosts(int seed)
    {
        _services = NetworkNamespace.TryCreate(out string reason) ?? throw new InvalidOperationException(reason);
        _near = TunDevice.Create(Device);
        _far = _services.Run(static () => TunDevice.Create(Device));
        Outbound = new LinkDirection(new Random(seed));
        Inbound = new LinkDirection(new Random(seed + 1));
        Run(Here("ip", "link", "set", "lo", "up"));
        SetUp(Here, CallerAddress);
        SetUp(_services.Command, ServiceAddress);
        _outbound = new LinkPump(_near, _far, Outbound);
        _inbound = new LinkPump(_far, _near, Inbound);
    }

    /// <summary>Where services listen.</summary>
    public static IPAddress ServiceAddress { get; } = new([10, 77, 0, 2]);

    /// <summary>From the callers to the services.</summary>
    public LinkDirection Outbound { get; }

    /// <summary>From the services to the callers.</summary>
    public LinkDirection Inbound { get; }

    private IPAddress CallerAddress => new([10, 77, 0, (byte)_callerHost]);

    /// <summary>Why there can be no such hosts on this machine; null where there can.</summary>
    public static string? UnsupportedReason
        => !OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess ? "an emulated link needs Linux and root"
            : !File.Exists("/dev/net/tun") ? "an emulated link needs /dev/net/tun" : null;

    /// <summary>Starts a program in a network namespace of its own.</summary>
    public static Process StartInside(string program, params string[] arguments) => Process.Start("unshare", ["-n", program, .. arguments]);

    /// <summary>A command that runs a program on the services' host.</summary>
    public ProcessStartInfo ServiceCommand(string program, params string[] arguments) => _services.Command(program, arguments);

    /// <summary>Changes both directions.</summary>
    public void Set(LinkConditions conditions) => (Outbound.Conditions, Inbound.Conditions) = (conditions, conditions);

    /// <summary>Gives the callers' host another address in place of the one that it has, as another network does.</summary>
    public void MoveCallers()
    {
        // The old one goes first: Linux removes with an address all that were added to its network after it.
        Run(Here("ip", "address", "del", $"{CallerAddress}/24", "dev", Device));
        _callerHost++;
        Run(Here("ip", "address", "add", $"{CallerAddress}/24", "dev", Device));
    }

    public void Dispose()
    {
        _outbound.Dispose();
        _inbound.Dispose();
        _near.Dispose();
        _far.Dispose();
        _services.Dispose();
    }

    private static ProcessStartInfo Here(string program, params string[] arguments) => new(program, arguments);

    private static void SetUp(Func<string, string[], ProcessStartInfo> command, IPAddress address)
    {
        Run(command("ip", ["address", "add", $"{address}/24", "dev", Device]));
        Run(command("ip", ["link", "set", Device, "mtu", "1500", "up"]));

        // Linux leaves TCP to stand still where large packets are dropped silently, unless it is told to probe.
        Run(command("sysctl", ["-q", "-w", "net.ipv4.tcp_mtu_probing=1"]));
    }

    private static void Run(ProcessStartInfo command)
    {
        command.RedirectStandardError = true;
        using Process process = Process.Start(command)!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command.FileName} {string.Join(' ', command.ArgumentList)}: {errors.Trim()}");
        }
    }
}
