using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;

namespace IrohRpc.Hostile;

/// <summary>The process that applies transfers: it may be killed and started again, under the same key and at the same address, and stopped for a while.</summary>
/// <param name="transport">What it listens on.</param>
/// <param name="address">Where.</param>
/// <param name="idleTimeout">Of its connections.</param>
/// <param name="command">Makes the command that runs a program where the service is to be.</param>
internal sealed class TransferService(string transport, IPAddress address, TimeSpan idleTimeout, Func<string, string[], ProcessStartInfo> command) : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly string _key = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
    private Process? _process;
    private int _port;

    /// <summary>Starts the process and waits until it serves.</summary>
    /// <returns>Where it can be reached; the same each time.</returns>
    public async Task<EndpointTicket> StartAsync()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "IrohRpc.Hostile.dll");
        string seconds = idleTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        ProcessStartInfo start = command("dotnet", [program, "ledger", transport, _key, new IPEndPoint(address, _port).ToString(), _file, seconds]);
        start.RedirectStandardOutput = true;
        start.RedirectStandardInput = true;
        _process = Process.Start(start)!;
        string line = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The service could not be started on {transport}.");
        var ticket = EndpointTicket.Parse(line);
        _port = ticket.Address.Addresses.Select(static one => one.TryGetIPEndPoint(out IPEndPoint? at) ? at!.Port : 0).First(static port => port != 0);
        return ticket;
    }

    /// <summary>Ends the process without a goodbye.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Stops the process for a while, as a machine that sleeps does.</summary>
    public async Task StopForAsync(TimeSpan time)
    {
        await SignalAsync("STOP");
        await Task.Delay(time);
        await SignalAsync("CONT");
    }

    /// <summary>The numbers of the transfers that were applied, in all of the service's lives.</summary>
    public IEnumerable<long> ReadApplied()
    {
        using var reader = new StreamReader(new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        string[] lines = reader.ReadToEnd().Split('\n');

        // What follows the last end of a line is being written, or was when the process was killed, and is not acknowledged.
        return lines[..^1].Select(static line => long.Parse(line, CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }

        File.Delete(_file);
    }

    /// <summary>Is the service, until it is killed or its input ends.</summary>
    public static async Task<int> ServeAsync(string transport, string key, IPEndPoint listenOn, string file, TimeSpan idleTimeout)
    {
        using var secret = SecretKey.FromBytes(Convert.FromHexString(key));
        PeerEndpointOptions options = Options(transport, idleTimeout);
        options.SecretKey = secret;
        options.ListenOn = [listenOn];
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options);
        using var ledger = new TransferLedger(file);
        await using Router router = await endpoint.Route().Map<ITransferLedger>(ledger).StartAsync();
        Console.WriteLine(endpoint.Ticket);
        await Task.Run(Console.In.ReadToEnd);
        return 0;
    }

    /// <summary>What both sides bind with.</summary>
    public static PeerEndpointOptions Options(string transport, TimeSpan idleTimeout) => new()
    {
        Transports = [BesideCommand.Find(transport)],
        ListenOn = [],
        IdleTimeout = idleTimeout,
        KeepAliveInterval = idleTimeout / 4,
    };

    private async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
