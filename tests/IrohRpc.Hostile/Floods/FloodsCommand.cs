using System.Diagnostics;
using System.Globalization;
using IrohRpc.Transports;

namespace IrohRpc.Hostile;

/// <summary>
/// Measures what honest callers see beside each flood: throughput and the 99th percentile of latency against calm, whether somebody new gets in, the service's memory, and how the attacker is
/// cut off. Service and attackers are processes of their own.
/// </summary>
internal static class FloodsCommand
{
    private const int Callers = 8;

    // Seconds of one turn.
    private const double Turn = 0.25;

    // Far above what the service takes in peace, and far below what any of these would take unbounded.
    private const double MostMegabytes = 512;

    /// <summary>Measures all floods that are made for the transport, or those whose names contain <paramref name="which"/>.</summary>
    /// <returns>How many of them locked honest callers out, or took memory without bound.</returns>
    public static async Task<int> RunAsync(string transport, double seconds, string which)
    {
        int failures = 0;
        using Process service = BesideCommand.Start("serve", transport);
        string ticket = (await service.StandardOutput.ReadLineAsync())!;
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [BesideCommand.Find(transport)], ListenOn = [] });
        IBystander proxy = endpoint.Connect<IBystander>(EndpointTicket.Parse(ticket));
        await proxy.EchoAsync("hello");
        await MeasureAsync(proxy, 1);
        Console.WriteLine($"| flood over {transport} | calls/s, calm | beside it | kept | p99 ms, calm | beside it | a new caller, ms | service MB | its processors | the attacker's | cost | cut off by |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|");
        foreach (string name in FloodAttacks.NamesFor(transport).Where(name => name.Contains(which, StringComparison.Ordinal)))
        {
            if (seconds < 1 && name == FloodAttacks.Idle)
            {
                // It takes a thousand handshakes before it counts.
                continue;
            }

            using Process attacker = BesideCommand.Start("attack-flood", transport, name, ticket);
            await attacker.StandardOutput.ReadLineAsync();
            await Task.Delay(500);
            Turns turns = await Turns.TakeAsync(service, attacker, seconds < 1 ? 0 : (int)(seconds / Turn), () => MeasureAsync(proxy, Math.Min(seconds, Turn)));
            double dial = await DialAsync(transport, ticket);
            service.Refresh();
            double megabytes = service.HasExited ? double.NaN : service.WorkingSet64 / 1e6;
            attacker.StandardInput.Close();
            string outcome = (await attacker.StandardOutput.ReadToEndAsync()).Trim();
            await attacker.WaitForExitAsync();
            (double calm, double attacked) = turns.Calls;
            bool fails = attacked == 0 || double.IsNaN(dial) || !(megabytes < MostMegabytes);
            failures += fails ? 1 : 0;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {calm:F0} | {attacked:F0} | {turns.Kept:F2} | {turns.Latency.Calm:F1} | {turns.Latency.Attacked:F1} | {dial:F0} | {megabytes:F0} | {turns.Own:F2} | {turns.Theirs:F2} | {turns.Cost:F2} | {outcome} |{(fails ? " FAILED" : "")}"));
        }

        service.StandardInput.Close();
        await service.WaitForExitAsync();
        Console.WriteLine($"{failures} floods harmed others");
        return failures;
    }

    /// <summary>Attacks, until its input ends, and says how it was cut off.</summary>
    public static async Task<int> AttackAsync(string transport, string name, string ticket)
    {
        using var stop = new CancellationTokenSource();
        Task ended = Task.Run(Console.In.ReadToEnd).ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        var outcomes = new Outcomes();
        var attacks = new FloodAttacks(BesideCommand.Find(transport), EndpointTicket.Parse(ticket), outcomes);
        await attacks.PrepareAsync(name, stop.Token);
        Console.WriteLine("ready");
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await attacks.RunAsync(name, stop.Token);
            }
            catch (Exception exception) when (exception is OperationCanceledException or PeerException)
            {
                if (exception is PeerException failed)
                {
                    outcomes.Note(failed);
                }

                await Task.Delay(10);
            }
        }

        await ended;
        Console.WriteLine(outcomes);
        return 0;
    }

    private static async Task<(double Calls, double Latency)> MeasureAsync(IBystander proxy, double seconds)
    {
        var latencies = new List<double>[Callers];
        var watch = Stopwatch.StartNew();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            latencies[caller] = [];
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    long began = Stopwatch.GetTimestamp();
                    await proxy.EchoAsync("hello", stop.Token);
                    latencies[caller].Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
                catch (Exception exception) when (exception is RpcException or OperationCanceledException)
                {
                    // A call that fails is none.
                }
            }
        })));
        double[] all = [.. latencies.SelectMany(static one => one).Order()];
        return (all.Length / watch.Elapsed.TotalSeconds, all.Length == 0 ? double.NaN : all[all.Length * 99 / 100]);
    }

    private static async Task<double> DialAsync(string transport, string ticket)
    {
        var watch = Stopwatch.StartNew();
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Transports = [BesideCommand.Find(transport)], ListenOn = [] });
        while (watch.Elapsed < TimeSpan.FromSeconds(10))
        {
            try
            {
                await using PeerClient<IBystander> client = await endpoint.ConnectAsync<IBystander>(EndpointTicket.Parse(ticket));
                await client.Service.EchoAsync("hello");
                return watch.Elapsed.TotalMilliseconds;
            }
            catch (Exception exception) when (exception is RpcException or PeerException)
            {
                // Turned away: comes again, as a user would.
                await Task.Delay(20);
            }
        }

        return double.NaN;
    }
}
