namespace IrohRpc.Transports.Conformance;

/// <summary>A path between two peers that a test breaks.</summary>
public abstract class BreakablePath : IAsyncDisposable
{
    /// <summary>Where to dial, so that the connection runs over this path.</summary>
    public abstract TransportAddress Address { get; }

    /// <summary>Whether <see cref="Cut"/> can be noticed by the peers here.</summary>
    public abstract bool CanCut { get; }

    /// <summary>From now on nothing gets through, and nobody is told.</summary>
    public abstract void Block();

    /// <summary>What waited gets through, or is sent again by the transport, and what follows.</summary>
    public abstract void Unblock();

    /// <summary>Ends the connections on the path abruptly, so that both peers notice.</summary>
    public abstract void Cut();

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();
}
