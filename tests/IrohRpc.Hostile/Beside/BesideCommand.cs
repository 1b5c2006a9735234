using System.Diagnostics;
using System.Globalization;
using System.Net;
using IrohRpc.Gossip;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>
/// Measures how much of its calm throughput an honest caller keeps beside each attack, in turns (<see cref="Turns"/>). Service, attacker and caller are three processes.
/// </summary>
internal static class BesideCommand
{
    private const int Callers = 8;

    /// <summary>Measures all attacks, or those whose names contain <paramref name="which"/>.</summary>
    public static async Task<int> RunAsync(string transport, double seconds, int turns, string which)
    {
        Console.WriteLine($"| attack over {transport} | calls/s, calm | beside it | kept | dials/s, calm | beside it | kept | service MB | its processors | the attacker's | cost |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        int low = 0;
        foreach (string name in BesideAttacks.All.Keys.Where(name => name.Contains(which, StringComparison.Ordinal)))
        {
            if (name == "silence" && transport != "tls")
            {
                continue;
            }

            (Turns calls, Turns dials, double megabytes) = await MeasureAsync(transport, name, seconds, turns);
            low += calls.Kept < 0.5 ? 1 : 0;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {calls.Calls.Calm:F0} | {calls.Calls.Attacked:F0} | {calls.Kept:F2} | {dials.Calls.Calm:F0} | {dials.Calls.Attacked:F0} | {dials.Kept:F2} | {megabytes:F0} | {calls.Own:F2} | {calls.Theirs:F2} | {calls.Cost:F2} |"));
        }

        return low;
    }

    /// <summary>Is the service, until its input ends.</summary>
    public static async Task<int> ServeAsync(string transport)
    {
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [Find(transport)] });
        await using var gossip = new IrohRpc.Gossip.Gossip(endpoint);
        await using Router router = await endpoint.Route().Map<IBystander>(new Bystander(endpoint)).MapGossip(gossip).StartAsync();
        await using GossipTopic topic = gossip.Join(ProtocolFloods.Topic);
        Console.WriteLine(endpoint.Ticket);
        await Task.Run(Console.In.ReadToEnd);
        return 0;
    }

    /// <summary>Attacks, until its input ends.</summary>
    public static async Task<int> AttackAsync(string transport, string name, string ticket)
    {
        using var stop = new CancellationTokenSource();
        Task ended = Task.Run(Console.In.ReadToEnd).ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        var options = new PeerEndpointOptions { Transports = [Find(transport)], ListenOn = [] };
        if (name == "large answers")
        {
            options.MaxInboundUnidirectionalStreams = 0;
        }

        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options);
        Console.WriteLine("ready");
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await BesideAttacks.All[name](new BesideAttacks(endpoint, EndpointTicket.Parse(ticket)), stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or PeerException)
            {
                // Cut off by the service: comes again.
                await Task.Delay(10);
            }
        }

        await ended;
        return 0;
    }

    /// <summary>The transport of a name.</summary>
    public static ITransport Find(string name) => name switch
    {
        "tls" => TlsTransport.Instance,
        "quic" => QuicTransport.Instance,
        _ => MsQuicTransport.Instance,
    };

    private static async Task<(Turns Calls, Turns Dials, double Megabytes)> MeasureAsync(string transport, string name, double seconds, int turns)
    {
        using Process service = Start("serve", transport);
        string ticket = (await service.StandardOutput.ReadLineAsync())!;
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [Find(transport)], ListenOn = [] });
        IBystander proxy = endpoint.Connect<IBystander>(EndpointTicket.Parse(ticket));
        await MeasureCallsAsync(proxy, 1);
        using Process attacker = Start("attack", transport, name, ticket);
        await attacker.StandardOutput.ReadLineAsync();
        await Task.Delay(500);
        Turns calls = await Turns.TakeAsync(service, attacker, turns, async () => (await MeasureCallsAsync(proxy, seconds), 0));
        Turns dials = await Turns.TakeAsync(service, attacker, turns, async () => (await MeasureDialsAsync(transport, ticket, seconds), 0));
        service.Refresh();
        double megabytes = service.PeakWorkingSet64 / 1e6;
        await EndAsync(attacker);
        await EndAsync(service);
        return (calls, dials, megabytes);
    }

    private static async Task<double> MeasureCallsAsync(IBystander proxy, double seconds)
    {
        long calls = 0;
        var watch = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    await proxy.EchoAsync("hello", stop.Token);
                    Interlocked.Increment(ref calls);
                }
                catch (RpcException)
                {
                    // A call that fails is none.
                }
                catch (OperationCanceledException)
                {
                }
            }
        })));
        return calls / watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> MeasureDialsAsync(string transport, string ticket, double seconds)
    {
        int dials = 0;
        var watch = Stopwatch.StartNew();
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [Find(transport)], ListenOn = [] });
        while (watch.Elapsed.TotalSeconds < seconds)
        {
            try
            {
                await using PeerClient<IBystander> client = await endpoint.ConnectAsync<IBystander>(EndpointTicket.Parse(ticket));
                await client.Service.EchoAsync("hello");
                dials++;
            }
            catch (Exception exception) when (exception is RpcException or PeerException)
            {
                // A dial that fails is none.
            }
        }

        return dials / watch.Elapsed.TotalSeconds;
    }

    /// <summary>Starts a command of this program in a process of its own.</summary>
    public static Process Start(params string[] arguments)
    {
        // As this process was started: by its own name, or by the host's.
        string host = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(host) == "IrohRpc.Hostile" ? [] : [Path.Combine(AppContext.BaseDirectory, "IrohRpc.Hostile.dll")];
        Process process = Process.Start(new ProcessStartInfo(program.Length == 0 ? host : "dotnet", [.. program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
        if (arguments[0] is "attack" or "attack-flood" or "burn" && OperatingSystem.IsLinux())
        {
            process.ProcessorAffinity = 1;
        }

        return process;
    }

    /// <summary>Ends a process by its input, and by force where it does not follow.</summary>
    public static async Task EndAsync(Process process)
    {
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
        }
    }
}
