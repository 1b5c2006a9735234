using System.Diagnostics;
using System.Globalization;

namespace IrohRpc.Hostile;

/// <summary>
/// Transfers under load between two hosts, while the link between them loses, delays, duplicates and reorders packets, becomes slow, carries small packets only, is cut, and takes the callers to
/// another address, and while the service is killed and stopped behind it. After each fault callers have to be answered again, and the books have to balance.
/// </summary>
internal sealed class LinkChaosCommand
{
    private const string Inside = "link-inside";

    // Longer than any dial and any wait between two.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly TimeSpan _length;
    private readonly TimeSpan _idleTimeout;
    private readonly TimeSpan _partition;
    private readonly LinkedHosts _hosts;
    private readonly TransferService _service;
    private readonly TransferLoad _load;

    private LinkChaosCommand(TimeSpan length, TimeSpan idleTimeout, TimeSpan partition, LinkedHosts hosts, TransferService service, TransferLoad load)
        => (_length, _idleTimeout, _partition, _hosts, _service, _load) = (length, idleTimeout, partition, hosts, service, load);

    private (string Name, Func<Task> RunAsync)[] Faults =>
    [
        ("none", () => UnderAsync(LinkConditions.Calm)),
        ("5 % loss", () => UnderAsync(new LinkConditions { Loss = 0.05 })),
        ("100 ± 50 ms", () => UnderAsync(new LinkConditions { Delay = Milliseconds(50), Jitter = Milliseconds(25) })),
        ("25 % reordered", () => UnderAsync(new LinkConditions { Delay = Milliseconds(10), Reordering = 0.25 })),
        ("5 % duplicated", () => UnderAsync(new LinkConditions { Duplication = 0.05 })),
        ("1 Mbit/s", () => UnderAsync(new LinkConditions { BitRate = 1e6, Delay = Milliseconds(20) })),
        ("MTU 1280", () => UnderAsync(new LinkConditions { Mtu = 1280 })),
        ("MTU 1280, silently", () => UnderAsync(new LinkConditions { Mtu = 1280, ReportsMtu = false })),
        ("another address of the callers", MoveAsync),
        ("cut, shorter than the idle time-out", () => CutAsync(_idleTimeout / 2)),
        ("cut, longer", () => CutAsync(_partition)),
        ("cut towards the service", () => CutOneWayAsync(_hosts.Outbound)),
        ("cut towards the callers", () => CutOneWayAsync(_hosts.Inbound)),
        ("killed and started again", KillAsync),
        ("stopped for longer than the idle time-out", () => _service.StopForAsync(_idleTimeout * 2)),
        ("all of it", AllAsync),
    ];

    private static LinkConditions Bad { get; } = new() { Loss = 0.02, Duplication = 0.01, Delay = Milliseconds(30), Jitter = Milliseconds(15), Reordering = 0.05, BitRate = 10e6 };

    /// <summary>Runs every fault once.</summary>
    /// <param name="transport">The transport.</param>
    /// <param name="seconds">How long each fault lasts that has no length of its own.</param>
    /// <param name="idleTimeout">The connections' idle time-out, in seconds.</param>
    /// <param name="partition">How long the link is cut, in seconds.</param>
    /// <returns>How many faults left the books unbalanced, or callers without answers.</returns>
    public static async Task<int> RunAsync(string transport, string seconds, string idleTimeout, string partition)
    {
        if (LinkedHosts.UnsupportedReason is { } reason)
        {
            Console.WriteLine($"skipped: {reason}");
            return 0;
        }

        string program = Path.Combine(AppContext.BaseDirectory, "IrohRpc.Hostile.dll");
        using Process process = LinkedHosts.StartInside("dotnet", program, Inside, transport, seconds, idleTimeout, partition);
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    /// <summary>The same, in a network namespace of this process's own.</summary>
    public static async Task<int> RunInsideAsync(string transport, TimeSpan length, TimeSpan idleTimeout, TimeSpan partition)
    {
        using var hosts = new LinkedHosts(seed: 1);
        using var service = new TransferService(transport, LinkedHosts.ServiceAddress, idleTimeout, hosts.ServiceCommand);
        EndpointTicket ticket = await service.StartAsync();
        TransferLoad load = await TransferLoad.StartAsync(transport, idleTimeout, ticket);
        var chaos = new LinkChaosCommand(length, idleTimeout, partition, hosts, service, load);
        int failures;
        await using (load)
        {
            await load.Book.NextAsync(1, Patience);
            Console.WriteLine($"| fault over {transport} | acknowledged | may have run | not started | longest without an answer, s | answered again after, s | entries wrong |");
            Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
            failures = await chaos.RunAllAsync();
        }

        TransferBalance balance = load.Book.Compare(service.ReadApplied);
        Console.WriteLine($"{transport}: {balance}; {failures} faults left the books unbalanced or callers without answers");
        return failures + (int)(balance.Wrong + balance.Open);
    }

    private async Task<int> RunAllAsync()
    {
        int failures = 0;
        TransferBalance before = _load.Book.Compare(_service.ReadApplied);
        foreach ((string name, Func<Task> runAsync) in Faults)
        {
            _load.Book.TakeLongestSilence();
            await runAsync();
            _hosts.Set(LinkConditions.Calm);
            long mended = Stopwatch.GetTimestamp();
            bool isAnswered = await AnsweredAgainAsync();
            double seconds = Stopwatch.GetElapsedTime(mended).TotalSeconds;
            TransferBalance after = _load.Book.Compare(_service.ReadApplied);
            failures += isAnswered && after.Wrong == 0 ? 0 : 1;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {after.Acknowledged - before.Acknowledged} | {after.MayHaveRun - before.MayHaveRun} | {after.NotStarted - before.NotStarted} | {_load.Book.TakeLongestSilence().TotalSeconds:F1} | {(isAnswered ? seconds.ToString("F1", CultureInfo.InvariantCulture) : "NEVER")} | {after.Wrong - before.Wrong} |"));
            before = after;
        }

        return failures;
    }

    private async Task<bool> AnsweredAgainAsync()
    {
        try
        {
            await _load.Book.NextAsync(50, Patience);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Task UnderAsync(LinkConditions conditions)
    {
        _hosts.Set(conditions);
        return Task.Delay(_length);
    }

    private Task MoveAsync()
    {
        _hosts.MoveCallers();
        return Task.Delay(_length);
    }

    private Task CutAsync(TimeSpan length)
    {
        _hosts.Set(LinkConditions.Cut);
        return Task.Delay(length);
    }

    private Task CutOneWayAsync(LinkDirection direction)
    {
        direction.Conditions = LinkConditions.Cut;
        return Task.Delay(_idleTimeout * 2);
    }

    private async Task KillAsync()
    {
        await _service.KillAsync();
        await _service.StartAsync();
    }

    private async Task AllAsync()
    {
        await UnderAsync(Bad);
        await KillAsync();
        await Task.Delay(_length);
        _hosts.MoveCallers();
        await Task.Delay(_length);
        await CutAsync(_idleTimeout / 2);
        await UnderAsync(Bad with { Mtu = 1280 });
        await _service.StopForAsync(_idleTimeout * 2);
        await Task.Delay(_length);
    }

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
