namespace IrohRpc.Gossip;

/// <summary>A subscriber to the calls of a contract over a topic. Disposing ends it; a handler that is running is waited for.</summary>
public abstract class TopicSubscription : IAsyncDisposable
{
    private protected TopicSubscription()
    {
    }

    /// <summary>How many calls were dropped because the handlers were too slow.</summary>
    public abstract long MissedCalls { get; }

    /// <summary>How many calls did not run: forged, repeated, too old, unsigned, or of a form that the contract does not have. The debug log says why.</summary>
    public abstract long RefusedCalls { get; }

    /// <summary>Completes when the topic was left or the subscription disposed, and no handler runs any more.</summary>
    public abstract Task Completion { get; }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
