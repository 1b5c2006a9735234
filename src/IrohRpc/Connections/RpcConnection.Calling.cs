using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc;

// What this side calls.
public sealed partial class RpcConnection
{
    private const int MostLaneAttempts = 3;

    private readonly Lock _laneGate = new();
    private readonly List<ClientLane> _lanes = [];
    private volatile ClientLane? _lane;
    private Task<ClientLane>? _laneOpening;

    /// <summary>Sends a call on a lane, now or once there is one with room. A failure ends the call; nothing is thrown.</summary>
    internal void Send(OutgoingCall call, long target)
    {
        try
        {
            Prepare(call, target);
        }
        catch (RpcException exception)
        {
            call.Fail(exception);
            return;
        }

        if (_lane is { IsOpen: true, HasRoom: true } lane && lane.TrySend(call, target))
        {
            return;
        }

        Track(SendLaterAsync(call, target));
    }

    /// <summary>Checks that the connection has the method, and registers the objects that the call passes.</summary>
    /// <exception cref="RpcException">It has not, or the peer holds as many objects as it may.</exception>
    internal void Prepare(OutgoingCall call, long target)
    {
        MethodDescriptor method = call.Method;
        if (target == 0 && !method.Contract.Has(method, Alpn))
        {
            throw RpcErrors.TooYoung(method, Alpn);
        }

        foreach (PassedObject passed in call.Objects)
        {
            if (!Objects.TryAdd(passed))
            {
                throw new RpcException(RpcStatusCode.ResourceExhausted, $"The peer holds {Options.MaxObjects} objects of this side's, the most that it may.")
                {
                    Method = method.ToString(),
                    IsNotStarted = true,
                };
            }
        }
    }

    /// <summary>The peer will never hold what a call passed.</summary>
    internal void Forget(IReadOnlyList<PassedObject> objects)
    {
        foreach (PassedObject passed in objects)
        {
            Objects.Remove(passed.Number);
        }
    }

    /// <summary>Passes an object as a result.</summary>
    /// <returns>Its number.</returns>
    internal long Pass(ServiceBinding binding)
    {
        var passed = new PassedObject(binding);
        return Objects.TryAdd(passed)
            ? passed.Number
            : throw new RpcException(RpcStatusCode.ResourceExhausted, $"The caller holds {Options.MaxObjects} objects of this peer's, the most that it may.");
    }

    /// <summary>A proxy of an object that the peer passed; null for null.</summary>
    internal T? ReceiveObject<T>(long number)
        where T : class, IContract<T>
        => number == 0 ? null : T.CreateProxy(new BoundInvoker(this, number));

    /// <summary>The same as <see cref="Release"/>, on a thread that may wait: a finalizer's may not.</summary>
    internal void ReleaseFromFinalizer(long target) => _unused.Add(target);

    /// <summary>An object of the peer's is not held any more.</summary>
    internal void Release(long target)
    {
        if (_lane is { IsOpen: true } lane)
        {
            lane.Release(target);
        }
        else if (!Connection.Closed.IsCompleted)
        {
            Track(ReleaseLaterAsync(target));
        }
    }

    /// <summary>The lane of a stream id, for an answer that came on a stream of its own.</summary>
    internal ClientLane? FindLane(long streamId)
    {
        lock (_laneGate)
        {
            return _lanes.Find(lane => lane.Id == streamId);
        }
    }

    private async Task SendLaterAsync(OutgoingCall call, long target)
    {
        try
        {
            for (int attempt = 0; attempt < MostLaneAttempts; attempt++)
            {
                ClientLane lane = await GetLaneAsync().WaitAsync(call.CancellationToken).ConfigureAwait(false);
                await lane.WaitForRoomAsync(call.CancellationToken).ConfigureAwait(false);
                if (lane.TrySend(call, target))
                {
                    return;
                }
            }

            RetryOrFail(call, RpcErrors.NotStarted(call.Method, null));
        }
        catch (OperationCanceledException exception)
        {
            call.Fail(exception);
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception))
        {
            RetryOrFail(call, RpcErrors.NotStarted(call.Method, exception));
        }
        catch (Exception exception)
        {
            // What the call carries could not be written: the user's metadata, for one. Whatever it is, the caller must not wait for ever.
            call.Fail(exception);
        }
    }

    private static void RetryOrFail(OutgoingCall call, RpcException error)
    {
        if (call.IsFinished || !call.Invoker.ShouldRetry(call, error))
        {
            call.Fail(error);
            return;
        }

        call.Retries++;
        call.Invoker.Send(call);
    }

    private async Task ReleaseLaterAsync(long target)
    {
        try
        {
            (await GetLaneAsync().ConfigureAwait(false)).Release(target);
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception))
        {
            // With the connection the object is gone as well.
        }
    }

    private Task<ClientLane> GetLaneAsync()
    {
        lock (_laneGate)
        {
            if (_laneOpening is null
                || _laneOpening.IsFaulted
                || (_laneOpening.IsCompletedSuccessfully && !_laneOpening.Result.IsOpen))
            {
                _laneOpening = OpenLaneAsync();
            }

            return _laneOpening;
        }
    }

    /// <summary>Opens a stream for a call or a lane.</summary>
    /// <exception cref="PeerException">The connection has ended.</exception>
    internal async ValueTask<PeerStream> OpenCallStreamAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await Connection.OpenBidirectionalStreamAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PeerException exception)
        {
            NoteFailure(exception);
            throw;
        }
    }

    private async Task<ClientLane> OpenLaneAsync()
    {
        if (_isGoingAway)
        {
            throw new PeerException(PeerErrorKind.Refused, $"Peer {PeerId.ToShortString()} is shutting down and takes no more calls.");
        }

        PeerStream stream = await OpenCallStreamAsync(CancellationToken.None).ConfigureAwait(false);
        ClientLane lane = ClientLane.Start(this, stream);
        lock (_laneGate)
        {
            _lanes.Add(lane);
        }

        _lane = lane;
        Track(ForgetLaneAsync(lane));
        return lane;
    }

    private async Task ForgetLaneAsync(ClientLane lane)
    {
        await lane.Completion.ConfigureAwait(false);
        lock (_laneGate)
        {
            _lanes.Remove(lane);
        }
    }
}
