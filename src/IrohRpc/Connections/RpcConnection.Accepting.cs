using IrohRpc.Internal;

namespace IrohRpc;

// What the peer opens.
public sealed partial class RpcConnection
{
    // Guarded by the lanes' lock.
    private readonly List<ServerLane> _served = [];

    /// <summary>Takes no more calls, and completes once those in progress have been answered.</summary>
    internal async Task DrainAsync()
    {
        // Every lane says it before it refuses its first call, so that the caller knows better than to try again here.
        ServerLane[] lanes;
        lock (_laneGate)
        {
            _saysGoAway = true;
            lanes = [.. _served];
        }

        foreach (ServerLane lane in lanes)
        {
            lane.GoAway();
        }

        _draining = true;

        // A call counts itself in before it looks: either it sees that it came too late, or it is counted here.
        Interlocked.MemoryBarrier();
        NoteDrained();
        await Task.WhenAny(Drained.Task, Connection.Closed).ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Task bidirectional = AcceptBidirectionalAsync();
        Task unidirectional = AcceptUnidirectionalAsync();
        await Task.WhenAll(bidirectional, unidirectional).ConfigureAwait(false);
        await _ending.CancelAsync().ConfigureAwait(false);
        Channels.Close();
        Objects.Close();
        await _tasks.WhenEmptyAsync().ConfigureAwait(false);
        await DisposeServiceAsync().ConfigureAwait(false);
    }

    private async ValueTask DisposeServiceAsync()
    {
        switch (_ownedService)
        {
            case IAsyncDisposable service:
                await RunEndingsAsync([service.DisposeAsync]).ConfigureAwait(false);
                break;
            case IDisposable service:
                await RunEndingsAsync([() =>
                {
                    service.Dispose();
                    return ValueTask.CompletedTask;
                }]).ConfigureAwait(false);
                break;
        }
    }

    private async Task AcceptBidirectionalAsync()
    {
        try
        {
            while (true)
            {
                PeerStream stream = await Connection.AcceptBidirectionalStreamAsync(CancellationToken.None).ConfigureAwait(false);
                Channels.Accepted(stream.Id);
                Track(ServeBidirectionalAsync(stream));
            }
        }
        catch (Exception exception) when (exception is PeerException or ObjectDisposedException)
        {
            // The connection has ended; Closed says how.
        }
    }

    private async Task AcceptUnidirectionalAsync()
    {
        try
        {
            while (true)
            {
                Track(ServeUnidirectionalAsync(await Connection.AcceptUnidirectionalStreamAsync(CancellationToken.None).ConfigureAwait(false)));
            }
        }
        catch (Exception exception) when (exception is PeerException or ObjectDisposedException)
        {
            // The connection has ended; Closed says how.
        }
    }

    private async Task ServeBidirectionalAsync(PeerStream stream)
    {
        using var reader = new FrameReader(stream);
        try
        {
            switch (await ReadKindAsync(reader).ConfigureAwait(false))
            {
                case StreamKind.Lane:
                    Channels.Remove(stream.Id);
                    await ServeLaneAsync(new ServerLane(this, stream), reader).ConfigureAwait(false);
                    break;
                case StreamKind.Call:
                    await new StreamService(this, reader).RunAsync().ConfigureAwait(false);
                    break;
                case not null:
                    Reset(stream, ResetCode.UnknownStreamKind);
                    break;
            }
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception))
        {
            LogStreamFailed(stream.Id, exception);
        }

        Channels.Remove(stream.Id);
        await stream.DisposeAsync().ConfigureAwait(false);
    }

    private async Task ServeLaneAsync(ServerLane lane, FrameReader reader)
    {
        bool saysGoAway;
        lock (_laneGate)
        {
            _served.Add(lane);
            saysGoAway = _saysGoAway;
        }

        if (saysGoAway)
        {
            lane.GoAway();
        }

        await lane.RunAsync(reader).ConfigureAwait(false);
        lock (_laneGate)
        {
            _served.Remove(lane);
        }
    }

    private async Task ServeUnidirectionalAsync(PeerStream stream)
    {
        var reader = new FrameReader(stream);
        try
        {
            switch (await ReadKindAsync(reader).ConfigureAwait(false))
            {
                case StreamKind.Channel:
                    if (await TryAddChannelAsync(reader).ConfigureAwait(false))
                    {
                        return;
                    }

                    stream.AbortRead(ResetCode.UnknownCall);
                    break;
                case StreamKind.Answer:
                    await AnswerStream.ReceiveAsync(this, reader).ConfigureAwait(false);
                    break;
                case not null:
                    stream.AbortRead(ResetCode.UnknownStreamKind);
                    break;
            }
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception))
        {
            LogStreamFailed(stream.Id, exception);
        }

        await stream.DisposeAsync().ConfigureAwait(false);
        reader.Dispose();
    }

    private async ValueTask<bool> TryAddChannelAsync(FrameReader reader)
    {
        long call = await reader.ReadVarIntAsync().ConfigureAwait(false);
        long parameter = await reader.ReadVarIntAsync().ConfigureAwait(false);
        return call >= 0 && parameter >= 0 && Channels.TryAdd(call, parameter, reader);
    }

    // Null where the stream ended first, or is of another version and was reset.
    private static async ValueTask<StreamKind?> ReadKindAsync(FrameReader reader)
    {
        int version = await reader.ReadByteAsync().ConfigureAwait(false);
        if (version is not WireFormat.Version)
        {
            if (version >= 0)
            {
                Reset(reader.Stream, ResetCode.IncompatibleVersion);
            }

            return null;
        }

        int kind = await reader.ReadByteAsync().ConfigureAwait(false);
        return kind < 0 ? null : (StreamKind)kind;
    }

    private static void Reset(PeerStream stream, long code)
    {
        stream.AbortRead(code);
        stream.AbortWrite(code);
    }
}
