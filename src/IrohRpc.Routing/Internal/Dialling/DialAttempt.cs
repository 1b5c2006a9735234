namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>One attempt of a dial: what it tries and what came of it. Written by the dial's own loop, but for what the attempt reports.</summary>
internal sealed class DialAttempt(DialCandidate candidate) : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    public DialCandidate Candidate { get; } = candidate;

    public CancellationToken Cancellation => _cancellation.Token;

    public bool IsStarted { get; set; }

    /// <summary>The connection, where the attempt made one. Set before the attempt reports it.</summary>
    public PeerConnection? Connection { get; set; }

    /// <summary>Why it failed; null while it runs, and where it was cancelled.</summary>
    public PeerException? Error { get; set; }

    /// <summary>When it started, in the clock's timestamps.</summary>
    public long StartedAt { get; set; }

    /// <summary>How long it took; null while it runs.</summary>
    public TimeSpan? Took { get; set; }

    public void Cancel() => _cancellation.Cancel();

    public void Dispose() => _cancellation.Dispose();
}
