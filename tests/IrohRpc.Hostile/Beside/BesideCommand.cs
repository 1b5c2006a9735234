using System.Diagnostics;
using System.Globalization;
using System.Net;
using IrohRpc.Gossip;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>
/// Measures how much of its calm throughput an honest caller keeps beside each attack, in turns. Service, attacker and caller are three processes. Beside the calm caller a process runs that
/// takes as much of one processor as the attacker did of the same (<see cref="ProcessorLoad"/>).
/// </summary>
internal static class BesideCommand
{
    private const int Callers = 8;

    /// <summary>Measures all attacks, or those whose names contain <paramref name="which"/>.</summary>
    public static async Task<int> RunAsync(string transport, double seconds, int turns, string which)
    {
        Console.WriteLine($"{"attack",-16} {"calm",10} {"attacked",10} {"kept",6} {"dials/s",8} {"attacked",9} {"kept",6} {"service MB",11} {"its cores",10} {"attacker\'s",11}");
        int low = 0;
        foreach (string name in BesideAttacks.All.Keys.Where(name => name.Contains(which, StringComparison.Ordinal)))
        {
            if (name == "silence" && transport != "tls")
            {
                continue;
            }

            (double calm, double attacked, double calmDials, double attackedDials, double megabytes, double own, double theirs) = await MeasureAsync(transport, name, seconds, turns);
            low += attacked < calm / 2 ? 1 : 0;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-16} {calm,10:F0} {attacked,10:F0} {attacked / calm,6:F2} {calmDials,8:F0} {attackedDials,9:F0} {attackedDials / calmDials,6:F2} {megabytes,11:F0} {own,10:F2} {theirs,11:F2}"));
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

    private static async Task<(double Calm, double Attacked, double CalmDials, double AttackedDials, double Megabytes, double Own, double Theirs)> MeasureAsync(
        string transport, string name, double seconds, int turns)
    {
        using Process service = Start("serve", transport);
        string ticket = (await service.StandardOutput.ReadLineAsync())!;
        List<double> calm = [];
        List<double> attacked = [];
        List<double> calmDials = [];
        List<double> attackedDials = [];
        List<double> own = [];
        List<double> theirs = [];
        double megabytes = 0;
        await using (PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [Find(transport)], ListenOn = [] }))
        {
            IBystander proxy = endpoint.Connect<IBystander>(EndpointTicket.Parse(ticket));
            await MeasureCallsAsync(proxy, 1);
            for (int turn = 0; turn < turns; turn++)
            {
                foreach (bool isCalm in (bool[])[false, true])
                {
                    using Process other = isCalm ? Start("burn", theirs[^1].ToString(CultureInfo.InvariantCulture)) : Start("attack", transport, name, ticket);
                    await other.StandardOutput.ReadLineAsync();
                    await Task.Delay(500);
                    var load = new ProcessorLoad(other);
                    var serviceLoad = new ProcessorLoad(service);
                    (isCalm ? calm : attacked).Add(await MeasureCallsAsync(proxy, seconds));
                    if (!isCalm)
                    {
                        theirs.Add(load.Measure());
                        own.Add(serviceLoad.Measure());
                    }

                    (isCalm ? calmDials : attackedDials).Add(await MeasureDialsAsync(transport, ticket, seconds / 2));
                    service.Refresh();
                    megabytes = Math.Max(megabytes, service.WorkingSet64 / 1e6);
                    await EndAsync(other);
                }
            }
        }

        await EndAsync(service);
        return (Median(calm), Median(attacked), Median(calmDials), Median(attackedDials), megabytes, Median(own), Median(theirs));
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
        string program = Path.Combine(AppContext.BaseDirectory, "IrohRpc.Hostile.dll");
        Process process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardInput = true })!;
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

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
