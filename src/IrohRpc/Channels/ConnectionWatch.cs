namespace IrohRpc.Channels;

/// <summary>Looks after a connection once a second: whether it is used, and whether its peer shows signs of life while calls wait.</summary>
internal sealed class ConnectionWatch(PeerRpcConnection rpc, PeerChannelOptions options, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _usedAt = clock.GetTimestamp();

    public enum Finding
    {
        Closed,
        Unused,
        Silent,
    }

    /// <summary>Whether the peer has owed a sign of life for longer than it may.</summary>
    public static bool IsSilent(PeerRpcConnection rpc, PeerChannelOptions options)
        => options.SilenceTimeout != Timeout.InfiniteTimeSpan && rpc.Connection.MeasureSilence() >= options.SilenceTimeout;

    /// <summary>What is found next.</summary>
    public async Task<Finding> NextAsync()
    {
        Task<ConnectionEnd> closed = rpc.Connection.Closed;
        using var timer = new PeriodicTimer(Interval, clock);
        while (true)
        {
            await Task.WhenAny(closed, timer.WaitForNextTickAsync().AsTask()).ConfigureAwait(false);
            if (closed.IsCompleted)
            {
                return Finding.Closed;
            }

            if (!rpc.IsUnused)
            {
                _usedAt = clock.GetTimestamp();
            }
            else if (options.IdleTimeout != Timeout.InfiniteTimeSpan && clock.GetElapsedTime(_usedAt) >= options.IdleTimeout)
            {
                return Finding.Unused;
            }

            if (rpc.HasCallsInProgress && IsSilent(rpc, options))
            {
                return Finding.Silent;
            }
        }
    }
}
