using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.QMux;

/// <summary>What the layer that authenticated the peer tells the connection that it starts.</summary>
internal sealed class QMuxConnectionOptions : ConnectionFacts
{
    /// <summary>The transport's name, as <see cref="PeerConnection.Transport"/> shows it.</summary>
    public required string Transport { get; init; }

    /// <summary>
    /// Ends the sending side of the duplex stream gracefully, so that the peer reads everything and then its end. Called at most once,
    /// never together with a write but often during a read, which SslStream.ShutdownAsync does not bear. Null does nothing.
    /// </summary>
    public Func<CancellationToken, ValueTask>? ShutdownSendAsync { get; init; }
}
