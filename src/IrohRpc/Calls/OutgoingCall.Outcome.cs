namespace IrohRpc.CompilerServices;

// How a call ends at its caller: by its response, by a failure, or by another attempt.
public sealed partial class OutgoingCall
{
    /// <summary>The response has come: keeps it until a worker completes the caller.</summary>
    internal void SetAnswer(RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result) => _response.Set(status, fields, result);

    /// <summary>The path is gone: keeps why until a worker completes the caller.</summary>
    internal void SetError(Exception error) => _response.Error = error;

    ILaneWork? ILaneWork.Next { get; set; }

    void ILaneWork.Run() => Complete();

    /// <summary>Completes the caller with the response or the error that was kept, or makes the call again.</summary>
    internal void Complete()
    {
        if (IsFinished)
        {
            // Given up meanwhile. A peer that has not run the call does not hold what it passed.
            if (PassesObjects && _response.IsFailure && _response.ReadFailure(Method, PayloadLimits).IsNotStarted)
            {
                ForgetObjects();
            }
        }
        else if (!_response.IsBareResult && TakeError() is { } error)
        {
            Failed(error);
        }
        else
        {
            Respond();
        }
    }

    /// <summary>The call has failed: makes it again where that is allowed, and otherwise ends it. Never throws.</summary>
    internal void Failed(Exception error) => Fail(error, isThrown: false);

    // A one-way call that fails at once throws at who makes it; later on only the log hears of it.
    private void Fail(Exception error, bool isThrown)
    {
        if (IsFinished)
        {
            return;
        }

        if (error is RpcException failure)
        {
            WasRejected(failure);
            if (TryAgain(failure))
            {
                return;
            }
        }

        if (Apply(CallEvent.Failed) == CallAction.Complete)
        {
            RememberEarlierAttempts(error);
            _response.Error = error;
            _canBeReused = _watch.Stop(this);
            if (_source is { } source)
            {
                source.Complete(this);
            }
            else
            {
                if (!isThrown)
                {
                    Invoker.PostFailed(Method, error);
                }

                Completed(error);
            }
        }
    }

    /// <summary>Whether a call whose streamed response has not shown anything yet is made again after a failure, and makes it again.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="again">The head of the next response.</param>
    internal bool TryRestart(RpcException failure, out ValueTask<ResponseStream> again)
    {
        again = default;
        WasRejected(failure);
        if (!MayTryAgain(failure))
        {
            RememberEarlierAttempts(failure);
            return false;
        }

        CallSource<ResponseStream> source = CallSource<ResponseStream>.Rent(null, TakeStream);
        again = source.Task;
        _source = source;
        if (!TryAgain(failure))
        {
            source.Fail(Reason ?? failure, isForeignThread: false);
        }

        return true;
    }

    /// <summary>The error of the response; null where it is a result.</summary>
    internal Exception? TakeError() => _response.TakeError(Method, Context, PayloadLimits);

    /// <summary>The caller is about to learn the outcome. A call whose response streams goes on; any other is over, and its object used again if nothing holds it.</summary>
    internal void Completed(Exception? error)
    {
        if (Phase != CallPhase.Ended)
        {
            return;
        }

        if (error is not null && _path is null)
        {
            // No path has ever taken it, so the peer does not hold what it passes.
            ForgetObjects();
        }

        if (error is null && Invoker.RetryBudget is { } budget)
        {
            budget.RecordSuccess();
        }

        EndStreams(error);
        StopObserving(error);
        if (_canBeReused && _streams is null && _givingUp is null)
        {
            Recycle();
        }
    }

    /// <summary>The reader of a streamed response is done with it.</summary>
    internal void Closed(Exception? error)
    {
        Apply(CallEvent.Closed);
        _watch.Stop(this);
        _watch.StopReader();
        StopObserving(error);
        _arguments.Release();
        _fields.Release();
        _response.Release();
    }

    /// <summary>A one-way call is on its way.</summary>
    internal void Posted()
    {
        Apply(CallEvent.Responded);
        _canBeReused = true;
        Completed(null);
    }

    private void StopObserving(Exception? error) => _observation.Stop(Method, error, _arguments.Length, _response.ResultLength);

    // The peer has not run the call, and does not hold what it passes.
    private void WasRejected(RpcException failure)
    {
        if (failure.IsNotStarted)
        {
            ForgetObjects();
            Volatile.Read(ref _path)?.Connection.CallWasRejected(failure);
        }
    }

    private void Respond()
    {
        if (_streams is { Opened: { } stream } && stream.HasStreamedResult)
        {
            if (Apply(CallEvent.StreamBegan) == CallAction.Complete)
            {
                _source!.Complete(this);
            }
        }
        else if (Apply(CallEvent.Responded) == CallAction.Complete)
        {
            _canBeReused = _watch.Stop(this);
            _source!.Complete(this);
        }
    }

    private ResponseStream BeginStreaming()
    {
        ResponseStream stream = _streams!.Opened!;
        stream.HandOver();
        return stream;
    }

    private bool MayTryAgain(RpcException failure)
        => _streams is not { CannotBeginAgain: true } && Invoker.ShouldRetry(this, failure);

    private bool TryAgain(RpcException failure)
    {
        if (!MayTryAgain(failure) || Apply(CallEvent.Retrying) != CallAction.Send)
        {
            return false;
        }

        _mayHaveRun |= !failure.IsNotStarted;
        Retries++;
        _observation.Retry(Method, Retries, failure.StatusCode);
        _response.Clear();
        Volatile.Write(ref _path, null);
        _streams?.BeginAgain();
        try
        {
            Invoker.Send(this);
        }
        catch (Exception exception)
        {
            Failed(exception);
        }

        return true;
    }

    // The last attempt of a call may not have been sent; one before it, that was lost, may have run.
    private void RememberEarlierAttempts(Exception error)
    {
        if (Volatile.Read(ref _mayHaveRun) && error is RpcException { IsNotStarted: true } failure)
        {
            failure.IsNotStarted = false;
        }
    }

    private void EndStreams(Exception? error)
    {
        if (_streams is { Opened: null } unsent)
        {
            _ = unsent.EndAsync(error);
        }
    }

    private void Recycle()
    {
        _arguments.Clear();
        _fields.Clear();
        _response.Clear();
        _source = null;
        _reason = null;
        _path = null;
        _canBeReused = false;
        _mayHaveRun = false;
        Context = null;
        Invoker = null!;
        CancellationToken = default;
        WaitingFor = null;
        Deadline = null;
        Retries = 0;
        Target = 0;
        Volatile.Write(ref _phase, (int)CallPhase.Created);
        Free.Return(this);
    }
}
