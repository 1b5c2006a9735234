namespace IrohRpc.Transports.QMux;

/// <summary>
/// Waits for the peer's first record. In TLS 1.3 each end is done with its handshake before it can know what the other makes of its
/// certificate; a record from the peer says that it was accepted.
/// </summary>
internal static class FirstFlight
{
    /// <summary>Waits.</summary>
    /// <param name="connection">A connection that was just started.</param>
    /// <param name="cancellationToken">Ends the wait, not the connection.</param>
    /// <returns>Null once the peer spoke; how the connection ended where it did not.</returns>
    public static async Task<ConnectionEnd?> WaitAsync(QMuxConnection connection, CancellationToken cancellationToken)
    {
        await Task.WhenAny(connection.PeerReady, connection.Closed).WaitAsync(cancellationToken).ConfigureAwait(false);
        return connection.PeerReady.IsCompletedSuccessfully ? null : await connection.Closed.ConfigureAwait(false);
    }
}
