namespace IrohRpc.Routing.Internal;

/// <summary>Every connection of an endpoint that has not ended, so that closing the endpoint can close them.</summary>
internal sealed class ConnectionSet
{
    private readonly Lock _lock = new();
    private readonly HashSet<PeerConnection> _connections = [];
    private bool _closed;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Those that there are.</summary>
    public IReadOnlyList<PeerConnection> Snapshot()
    {
        lock (_lock)
        {
            return [.. _connections];
        }
    }

    /// <summary>Keeps the connection until it ends.</summary>
    /// <returns>False once <see cref="Stop"/> was called: the caller then closes the connection itself.</returns>
    public bool TryAdd(PeerConnection connection)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }

            _connections.Add(connection);
        }

        ConnectionMetrics.Add(connection);

        connection.Closed.ContinueWith(
            static (_, state) =>
            {
                var (self, ended) = ((ConnectionSet, PeerConnection))state!;
                self.Remove(ended);
            },
            (this, connection),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return true;
    }

    /// <summary>Takes no more connections.</summary>
    /// <returns>Those that there are, for the caller to close.</returns>
    public IReadOnlyList<PeerConnection> Stop()
    {
        lock (_lock)
        {
            _closed = true;
            return [.. _connections];
        }
    }

    /// <summary>Closes a connection and releases what it holds.</summary>
    public static async Task CloseAsync(PeerConnection connection, long errorCode, string reason)
    {
        await connection.CloseAsync(errorCode, reason).ConfigureAwait(false);
        await connection.DisposeAsync().ConfigureAwait(false);
    }

    private void Remove(PeerConnection connection)
    {
        ConnectionMetrics.Remove(connection);
        lock (_lock)
        {
            _connections.Remove(connection);
        }
    }
}
