using System.Collections.Concurrent;
using System.Diagnostics;

namespace IrohRpc.Hostile;

/// <summary>The callers' book: how each transfer ended. Thread-safe.</summary>
internal sealed class TransferBook
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    private readonly ConcurrentDictionary<long, TransferOutcome> _ends = new();
    private long _last;
    private long _acknowledged;
    private long _lastAnswer = Stopwatch.GetTimestamp();
    private long _longestSilence;

    /// <summary>How many transfers were acknowledged.</summary>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Writes a new transfer down.</summary>
    /// <returns>Its number.</returns>
    public long Begin() => Interlocked.Increment(ref _last);

    /// <summary>Writes down how a transfer ended.</summary>
    public void End(long transfer, TransferOutcome outcome)
    {
        _ends[transfer] = outcome;
        if (outcome == TransferOutcome.Acknowledged)
        {
            Interlocked.Increment(ref _acknowledged);
            EndSilence();
        }
    }

    /// <summary>The longest time without an acknowledgement since this was asked for the last time.</summary>
    public TimeSpan TakeLongestSilence()
    {
        EndSilence();
        return Stopwatch.GetElapsedTime(0, Interlocked.Exchange(ref _longestSilence, 0));
    }

    /// <summary>Waits until so many more transfers were acknowledged.</summary>
    /// <exception cref="TimeoutException">They were not within <paramref name="patience"/>.</exception>
    public async Task NextAsync(int count, TimeSpan patience)
    {
        long goal = Acknowledged + count;
        long began = Stopwatch.GetTimestamp();
        while (Acknowledged < goal)
        {
            if (Stopwatch.GetElapsedTime(began) > patience)
            {
                throw new TimeoutException("Callers are not answered again.");
            }

            await Task.Delay(PollInterval);
        }
    }

    /// <summary>Compares this book with what the service has applied. Transfers that are under way count as open.</summary>
    /// <param name="readApplied">Reads the numbers of the applied transfers. It runs after this book was read, so that all that is acknowledged here must be there.</param>
    public TransferBalance Compare(Func<IEnumerable<long>> readApplied)
    {
        Dictionary<long, TransferOutcome> ends = new(_ends);
        Dictionary<long, int> applied = readApplied().CountBy(static transfer => transfer).ToDictionary();
        return new TransferBalance
        {
            Transfers = ends.Count,
            Acknowledged = ends.Values.Count(static end => end == TransferOutcome.Acknowledged),
            MayHaveRun = ends.Values.Count(static end => end == TransferOutcome.Unknown),
            NotStarted = ends.Values.Count(static end => end == TransferOutcome.NotStarted),
            Lost = ends.Count(pair => pair.Value == TransferOutcome.Acknowledged && !applied.ContainsKey(pair.Key)),
            AppliedTwice = applied.Values.Count(static count => count > 1),
            AppliedThoughNotStarted = ends.Count(pair => pair.Value == TransferOutcome.NotStarted && applied.ContainsKey(pair.Key)),
            Crossed = ends.Values.Count(static end => end == TransferOutcome.Crossed),
            Open = Interlocked.Read(ref _last) - ends.Count,
        };
    }

    private void EndSilence()
    {
        long now = Stopwatch.GetTimestamp();
        long silence = now - Interlocked.Exchange(ref _lastAnswer, now);
        long longest = Interlocked.Read(ref _longestSilence);
        while (silence > longest && Interlocked.CompareExchange(ref _longestSilence, silence, longest) is var seen && seen != longest)
        {
            longest = seen;
        }
    }
}
