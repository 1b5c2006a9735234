using System.Diagnostics;
using System.Globalization;

namespace IrohRpc.Hostile;

/// <summary>
/// What honest callers get beside an attacker, and beside a process that takes as much of the same processor (<see cref="ProcessorLoad"/>): an attacker elsewhere would take none of this
/// machine's time.
/// </summary>
/// <remarks>
/// The two take short turns, one stopped while the other runs, because whatever else the machine does lasts longer than a turn. What is compared are turns that are next to each
/// other; the result is the median.
/// </remarks>
internal sealed class Turns
{
    // For what the last turn has left to be done.
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(50);

    private readonly List<double> _kept = [];
    private readonly List<double> _calm = [];
    private readonly List<double> _attacked = [];
    private readonly List<double> _calmLatency = [];
    private readonly List<double> _attackedLatency = [];
    private readonly List<double> _own = [];
    private readonly List<double> _theirs = [];
    private readonly List<double> _cost = [];

    /// <summary>Calls in a second.</summary>
    public (double Calm, double Attacked) Calls => (Median(_calm), Median(_attacked));

    /// <summary>Milliseconds within which 99 of 100 calls were answered.</summary>
    public (double Calm, double Attacked) Latency => (Median(_calmLatency), Median(_attackedLatency));

    /// <summary>How much of their throughput the callers kept.</summary>
    public double Kept => Median(_kept);

    /// <summary>How many processors the attacked service took.</summary>
    public double Own => Median(_own);

    /// <summary>How many processors the attacker took.</summary>
    public double Theirs => Median(_theirs);

    /// <summary>
    /// How much processor time the attack costs the service for each second that it costs the attacker: what the service takes more than for so many calls in calm. Unlike <see cref="Kept"/> it
    /// does not depend on what else the machine does. With two processors, and an attacker who has one, the callers keep at least half where it is one or less.
    /// </summary>
    public double Cost => Median(_cost);

    /// <summary>Takes turns.</summary>
    /// <param name="service">The service.</param>
    /// <param name="attacker">The attacker, which runs, and is left running.</param>
    /// <param name="rounds">How many turns of each; zero for one of the attacker's, which is compared with nothing.</param>
    /// <param name="measure">Calls for one turn.</param>
    public static async Task<Turns> TakeAsync(Process service, Process attacker, int rounds, Func<Task<(double Calls, double Latency)>> measure)
    {
        var turns = new Turns();
        await turns.AttackAsync(service, attacker, measure);
        if (rounds == 0)
        {
            return turns;
        }

        await SignalAsync(attacker, "STOP");
        using Process other = BesideCommand.Start("burn", turns.Theirs.ToString(CultureInfo.InvariantCulture));
        await other.StandardOutput.ReadLineAsync();
        turns.Forget();
        for (int round = 0; round < rounds; round++)
        {
            await Task.Delay(Between);
            var calmLoad = new ProcessorLoad(service);
            (double calm, double calmLatency) = await measure();
            double calmOwn = calmLoad.Measure();
            await SignalAsync(other, "STOP");
            await SignalAsync(attacker, "CONT");
            await Task.Delay(Between);
            await turns.AttackAsync(service, attacker, measure);
            turns._calm.Add(calm);
            turns._calmLatency.Add(calmLatency);
            turns._kept.Add(turns._attacked[^1] / calm);
            turns._cost.Add((turns._own[^1] - (calmOwn * turns._attacked[^1] / calm)) / turns._theirs[^1]);
            if (round < rounds - 1)
            {
                await SignalAsync(attacker, "STOP");
                await SignalAsync(other, "CONT");
            }
        }

        await SignalAsync(other, "CONT");
        await BesideCommand.EndAsync(other);
        return turns;
    }

    private async Task AttackAsync(Process service, Process attacker, Func<Task<(double Calls, double Latency)>> measure)
    {
        var theirs = new ProcessorLoad(attacker);
        var own = new ProcessorLoad(service);
        (double calls, double latency) = await measure();
        _attacked.Add(calls);
        _attackedLatency.Add(latency);
        _theirs.Add(theirs.Measure());
        _own.Add(own.Measure());
    }

    private void Forget()
    {
        _attacked.Clear();
        _attackedLatency.Clear();
        _theirs.Clear();
        _own.Clear();
    }

    private static async Task SignalAsync(Process process, string signal)
    {
        if (!OperatingSystem.IsWindows() && !process.HasExited)
        {
            using Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
            await kill.WaitForExitAsync();
        }
    }

    private static double Median(List<double> values) => values.Count == 0 ? double.NaN : values.Order().ElementAt(values.Count / 2);
}
