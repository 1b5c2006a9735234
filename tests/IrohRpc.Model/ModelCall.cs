using System.Globalization;

namespace IrohRpc.Model;

/// <summary>One call of a schedule: what was asked for, what has happened to it, and how it ended.</summary>
internal sealed class ModelCall(long id, int client, Shape shape, Script script, int items) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(0);
    private int _starts;
    private int _ends;
    private int _outcomes;

    public long Id { get; } = id;

    /// <summary>Which of the clients makes it.</summary>
    public int Client { get; } = client;

    public Shape Shape { get; } = shape;

    public Script Script { get; } = script;

    /// <summary>How many items, bytes or reports it streams.</summary>
    public int Items { get; } = items;

    /// <summary>Which of its client's channels it is made on: calls of different ones have no order.</summary>
    public int Channel { get; init; }

    /// <summary>After how many items the caller stops to read; null for never.</summary>
    public int? LeavesAfter { get; init; }

    public TimeSpan? Timeout { get; init; }

    public DateTimeOffset? Deadline { get; set; }

    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>Whether its caller has cancelled it.</summary>
    public bool WasCancelled { get; set; }

    /// <summary>Whether, while it was under way, anything happened on the path to its peer that a call may fail from.</summary>
    public bool WasDisturbed { get; set; }

    /// <summary>Whether its channel was disposed of while it was under way.</summary>
    public bool WasClosed { get; set; }

    /// <summary>Whether the call itself has succeeded, and what fails is a call to the object that it brought.</summary>
    public bool HasOpened { get; set; }

    /// <summary>How often its handler has begun.</summary>
    public int Starts => Volatile.Read(ref _starts);

    /// <summary>How often its handler has ended.</summary>
    public int Ends => Volatile.Read(ref _ends);

    public int Outcomes => Volatile.Read(ref _outcomes);

    public Exception? Failure { get; private set; }

    /// <summary>By the clock of the schedule.</summary>
    public DateTimeOffset EndedAt { get; private set; }

    /// <summary>What did not come as it was sent; null where all did.</summary>
    public string? Wrong { get; set; }

    /// <summary>The answer that this call has, and no other.</summary>
    public long Answer => (Id * 1_000_003) + 17;

    public bool IsIdempotent => Shape == Shape.AskAgain;

    public bool HasEnded => Outcomes > 0;

    public Task Run { get; set; } = Task.CompletedTask;

    /// <summary>How many bytes it uploads, or takes.</summary>
    public int Bytes => Items * 3000;

    /// <summary>An item of this call, and of no other.</summary>
    public long Item(int index) => (Id * 1_000) + index;

    public void Started() => Interlocked.Increment(ref _starts);

    public void Ended() => Interlocked.Increment(ref _ends);

    public void Succeeded(DateTimeOffset at)
    {
        EndedAt = at;
        Interlocked.Increment(ref _outcomes);
    }

    public void Failed(Exception failure, DateTimeOffset at)
    {
        Failure = failure;
        Succeeded(at);
    }

    /// <summary>Waits until the schedule lets this call go on by a step.</summary>
    public Task PassAsync(CancellationToken cancellationToken) => _gate.WaitAsync(cancellationToken);

    public void Open(int steps) => _gate.Release(steps);

    public override string ToString()
    {
        string outcome = Failure switch
        {
            null => HasEnded ? "succeeded" : "has not ended",
            RpcException rpc => $"{rpc.StatusCode}{(rpc.IsNotStarted ? ", not started" : "")}: {rpc.Message}",
            _ => $"{Failure.GetType().Name}: {Failure.Message}",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"call {Id} of client {Client}, {Shape}, {Script}, {Items} items{(Timeout is null ? "" : $", timeout {Timeout}")}{(WasCancelled ? ", cancelled" : "")}{(WasDisturbed ? ", disturbed" : "")}{(WasClosed ? ", closed" : "")}: started {Starts}, ended {Ends}; {outcome}");
    }

    public void Dispose()
    {
        Cancellation.Dispose();
        _gate.Dispose();
    }
}
