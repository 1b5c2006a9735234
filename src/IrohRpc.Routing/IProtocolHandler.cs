namespace IrohRpc;

/// <summary>What answers connections of one protocol: a <see cref="Router"/> hands it each connection that agreed on its ALPN.</summary>
public interface IProtocolHandler
{
    /// <summary>
    /// Serves one connection, and owns it for as long as it runs: when it returns, the router closes the connection with
    /// <see cref="ConnectionErrorCodes.NoError"/>; when it throws, with <see cref="ConnectionErrorCodes.HandlerFailed"/>, and logs
    /// the exception. Neither touches another connection.
    /// </summary>
    /// <remarks>
    /// Called on the thread pool, concurrently for as many connections as there are: it may block or compute without holding up
    /// the acceptance of others. What was written last may be lost when the connection is closed upon return: a protocol in which
    /// this side speaks last waits for the peer's close (<see cref="PeerConnection.Closed"/>).
    /// </remarks>
    /// <param name="connection">The connection: authenticated, its ALPN agreed.</param>
    /// <param name="cancellationToken">
    /// Fires when the router shuts down: the handler then comes to an end within <see cref="PeerEndpointOptions.DrainTimeout"/>,
    /// after which its connection is closed under it. It does not fire when the connection ends, so that a pending operation
    /// always fails with the <see cref="PeerException"/> that says why; <see cref="PeerConnection.Closed"/> tells that.
    /// </param>
    ValueTask HandleAsync(PeerConnection connection, CancellationToken cancellationToken);
}
