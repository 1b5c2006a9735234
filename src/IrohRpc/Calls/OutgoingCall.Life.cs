using System.Diagnostics;
using IrohRpc.Internal;

namespace IrohRpc.CompilerServices;

// The life of a call at its caller, whichever way it travels: see CallState. The thread that moves the call to Ended completes its source.
public sealed partial class OutgoingCall : ILaneWork
{
    // Timers are limited to about 49 days; longer deadlines mean none.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(46);

    private static readonly Pool<OutgoingCall> Free = new(4096, static () => new OutgoingCall());

    private readonly CallBuffer _fields = new();
    private readonly CallBuffer _response = new();
    private List<PassedObject>? _objects;
    private CallStreams? _streams;
    private CallSource? _source;
    private CancellationTokenSource? _givingUp;
    private CancellationTokenRegistration _cancellation;
    private CancellationTokenRegistration _readerCancellation;
    private ITimer? _timer;
    private Activity? _activity;
    private OutgoingInvocation? _invocation;
    private long _startedAt;
    private ICallPath? _path;
    private RpcConnection? _passedOn;
    private Exception? _error;
    private Exception? _reason;
    private RpcStatusCode _status;
    private int _fixedFields;
    private int _responseFields;
    private int _phase;
    private bool _canBeReused;
    private bool _mayHaveRun;

    /// <summary>Called only by the pool, and for the mark of calls that were withdrawn from a lane.</summary>
    internal OutgoingCall() => _destination = new CallBufferWriter(_arguments);

    /// <summary>What is called.</summary>
    internal MethodDescriptor Method { get; private set; } = null!;

    internal CallInvoker Invoker { get; private set; } = null!;

    internal CallContext? Context { get; private set; }

    internal CancellationToken CancellationToken { get; private set; }

    /// <summary>When the call is given up, as a timestamp of the invoker's clock; null for never.</summary>
    internal long? Deadline { get; private set; }

    /// <summary>How often the call was sent again.</summary>
    internal int Retries { get; set; }

    /// <summary>The number of the object that is called: 0 for the service. Set by the invoker.</summary>
    internal long Target { get; set; }

    /// <summary>What the call waits for, where that is a dial that has failed before: the inner exception of a deadline that passes meanwhile.</summary>
    internal Exception? WaitingFor { get; set; }

    internal bool IsOneWay => Method.Result == ResultKind.OneWay;

    internal CallPhase Phase => (CallPhase)Volatile.Read(ref _phase);

    internal bool IsFinished => Phase == CallPhase.Ended;

    /// <summary>Why the call was given up from this side: its token, its deadline, the token of an enumeration; null where it was not.</summary>
    internal Exception? Reason => Volatile.Read(ref _reason);

    internal ReadOnlyMemory<byte> Arguments => _arguments.WrittenMemory;

    internal IReadOnlyList<PassedObject> Objects => _objects ?? (IReadOnlyList<PassedObject>)[];

    /// <summary>Whether the call passes objects.</summary>
    internal bool PassesObjects => _objects is not null;

    internal CallStreams Streams => _streams ??= new CallStreams();

    internal CallStreams? StreamsOrNull => _streams;

    /// <summary>The call's number on its lane. Guarded by the lane.</summary>
    internal int Number { get; private set; }

    /// <summary>Where its request stands among what the lane sent. Guarded by the lane.</summary>
    internal long Position { get; set; }

    /// <summary>What the result may cost.</summary>
    internal PayloadLimits PayloadLimits { get; private set; }

    internal ReadOnlySpan<byte> ResultBytes => _response.WrittenSpan[_responseFields..];

    /// <summary>Whether the call takes a stream of its own.</summary>
    internal bool NeedsStream => _streams is not null
        || _arguments.Length > WireFormat.LargestOnLane
        || Method.Result is ResultKind.Items or ResultKind.Bytes or ResultKind.BytesBack or ResultKind.Contract;

    /// <summary>What the request takes while it waits for the network.</summary>
    internal int Size => _arguments.Length + _fixedFields + WireFormat.LargestHead;

    /// <summary>Fires when the call is given up, for a path that waits for a stream. Only calls on streams have one.</summary>
    internal CancellationToken GivingUp
    {
        get
        {
            var made = Volatile.Read(ref _givingUp);
            if (made is null)
            {
                made = new CancellationTokenSource();
                made = Interlocked.CompareExchange(ref _givingUp, made, null) ?? made;
                if (IsFinished)
                {
                    made.Cancel();
                }
            }

            return made.Token;
        }
    }

    internal static OutgoingCall Rent(
        CallInvoker invoker, MethodDescriptor method, OutgoingInvocation? invocation, CallContext? context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        OutgoingCall call = Free.Rent();
        call.Method = method;
        call.Invoker = invoker;
        call.Context = context;
        call._invocation = invocation;
        call.CancellationToken = cancellationToken;
        return call;
    }

    /// <summary>How much time is left; null without a deadline.</summary>
    internal TimeSpan? TimeLeft()
        => Deadline is { } deadline ? Invoker.TimeProvider.GetElapsedTime(Invoker.TimeProvider.GetTimestamp(), deadline) : null;

    /// <summary>The fields that the request carries, with the time that is left now.</summary>
    /// <param name="connection">The connection that the call is about to be sent on; null for a broadcast.</param>
    /// <param name="turn">The call's turn, for one that takes a stream; -1 for none.</param>
    internal ReadOnlySpan<byte> WriteFields(RpcConnection? connection, long turn = -1)
    {
        _fields.Truncate(_fixedFields);
        if (TimeLeft() is { } left)
        {
            FieldWriter.WriteTimeout(_fields, left);
        }

        if (turn >= 0)
        {
            FieldWriter.WriteTurn(_fields, turn);
        }

        if (_objects is { } objects && connection is not null)
        {
            foreach (PassedObject passed in objects)
            {
                CallFields.WriteObject(_fields, passed, connection);
            }
        }

        return _fields.WrittenSpan;
    }

    /// <summary>A path takes the call, and sends it next. False where the call has ended, and is not to be sent.</summary>
    /// <param name="path">The path, which takes a withdrawal from here on; null for a call that cannot be withdrawn.</param>
    /// <param name="number">The call's number there.</param>
    internal bool TakenBy(ICallPath? path, int number)
    {
        Number = number;
        PayloadLimits = path?.Connection.Options.PayloadLimits ?? default;
        Volatile.Write(ref _path, path);
        return Apply(CallEvent.Taken) == CallAction.Proceed;
    }

    /// <summary>The objects that the call passes have been added to a connection's table.</summary>
    internal void PassedOn(RpcConnection connection) => Volatile.Write(ref _passedOn, connection);

    /// <summary>The peer will never hold what the call passes.</summary>
    internal void ForgetObjects() => Interlocked.Exchange(ref _passedOn, null)?.Forget(Objects);

    /// <summary>Gives the call up when a token fires that came with the enumeration of its response.</summary>
    internal void Watch(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _readerCancellation = cancellationToken.UnsafeRegister(static (state, token) => ((OutgoingCall)state!).GiveUp(new OperationCanceledException(token)), this);
        }
    }

    /// <summary>The response has come: keeps it until a worker completes the caller.</summary>
    internal void SetAnswer(RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        _status = status;
        _response.Clear();
        _response.Write(fields);
        _response.Write(result);
        _responseFields = fields.Length;
    }

    /// <summary>The path is gone: keeps why until a worker completes the caller.</summary>
    internal void SetError(Exception error) => _error = error;

    ILaneWork? ILaneWork.Next { get; set; }

    void ILaneWork.Run() => Complete();

    /// <summary>Completes the caller with the response or the error that was kept, or makes the call again.</summary>
    internal void Complete()
    {
        if (IsFinished)
        {
            // Given up meanwhile. A peer that has not run the call does not hold what it passed.
            if (_objects is not null && _error is null && _status != RpcStatusCode.OK
                && FailureReader.Read(Method, _status, _response.WrittenSpan[.._responseFields], PayloadLimits).IsNotStarted)
            {
                ForgetObjects();
            }
        }
        else if (_error is null && _status == RpcStatusCode.OK && _responseFields == 0)
        {
            Respond();
        }
        else if (TakeError() is { } error)
        {
            Failed(error);
        }
        else
        {
            Respond();
        }
    }

    /// <summary>The call has failed: makes it again where that is allowed, and otherwise ends it. Never throws.</summary>
    internal void Failed(Exception error)
    {
        if (IsFinished)
        {
            return;
        }

        var failure = error as RpcException;
        if (failure is { IsNotStarted: true })
        {
            ForgetObjects();
            Volatile.Read(ref _path)?.Connection.CallWasRejected(failure);
        }

        if (failure is not null && TryAgain(failure))
        {
            return;
        }

        if (Apply(CallEvent.Failed) == CallAction.Complete)
        {
            RememberEarlierAttempts(error);
            _error = error;
            _canBeReused = StopWatching();
            if (_source is { } source)
            {
                source.Complete(this);
            }
            else
            {
                Invoker.PostFailed(Method, error);
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
        if (failure.IsNotStarted)
        {
            ForgetObjects();
            Volatile.Read(ref _path)?.Connection.CallWasRejected(failure);
        }

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
    internal Exception? TakeError()
    {
        if (_responseFields > 0 && _error is null)
        {
            ReadResponseFields();
        }

        return _error ?? (_status == RpcStatusCode.OK ? null : new RpcException(_status, $"{Method} failed with {_status}.") { Method = Method.ToString(), MayPassOn = true });
    }

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
        StopWatching();
        _readerCancellation.Dispose();
        StopObserving(error);
        _arguments.Release();
        _fields.Release();
        _response.Release();
        _responseFields = 0;
    }

    /// <summary>A one-way call is on its way.</summary>
    internal void Posted()
    {
        Apply(CallEvent.Responded);
        _canBeReused = true;
        Completed(null);
    }

    private CallAction Apply(CallEvent happened)
    {
        while (true)
        {
            int phase = Volatile.Read(ref _phase);
            (CallPhase next, CallAction action) = CallState.Next((CallPhase)phase, happened);
            if (action == CallAction.Ignore || Interlocked.CompareExchange(ref _phase, (int)next, phase) == phase)
            {
                return action;
            }
        }
    }

    private void Start(CallSource? source)
    {
        _source = source;
        try
        {
            Deadline = FindDeadline(Invoker, Context);
            _activity = Tracing.StartCall(Method);
            _startedAt = CallMetrics.Start(Method, isServer: false);
            WriteFixedFields();
            if (Apply(CallEvent.Started) != CallAction.Send)
            {
                // Given up before it began, by the token of an enumeration.
                source?.Fail(Reason!, isForeignThread: false);
            }
            else if (source is null || Watch())
            {
                Invoker.Send(this);
            }
        }
        catch (Exception exception)
        {
            // The metadata of the caller, its clock, its listeners. A caller that awaits gets the exception there; one that does not, here.
            Failed(exception);
            if (source is null)
            {
                throw;
            }
        }
    }

    // Once: the caller may change its metadata while the call is made again.
    private void WriteFixedFields()
    {
        _fields.Clear();
        if (Context is { HasMetadata: true })
        {
            CallFields.WriteMetadata(_fields, Context.Metadata);
        }

        if ((_activity ?? Activity.Current) is { } activity)
        {
            CallFields.WriteTrace(_fields, activity);
        }

        _fixedFields = _fields.Length;
    }

    internal static long? FindDeadline(CallInvoker invoker, CallContext? context)
    {
        TimeSpan? timeout = context?.Timeout ?? invoker.Timeout;
        if (context?.Deadline is { } deadline)
        {
            timeout = Earlier(timeout, deadline - invoker.TimeProvider.GetUtcNow());
        }

        if (AmbientDeadline.TimeLeft() is { } left)
        {
            timeout = Earlier(timeout, left);
        }

        return timeout is { } span && span < LongestTimeout
            ? invoker.TimeProvider.GetTimestamp() + (long)(Math.Max(0, span.TotalSeconds) * invoker.TimeProvider.TimestampFrequency)
            : null;
    }

    private static TimeSpan Earlier(TimeSpan? one, TimeSpan other) => one is { } span && span < other ? span : other;

    // Before the call is sent: once it is, the response may end it at any moment.
    private bool Watch()
    {
        if (TimeLeft() is { } left)
        {
            if (left <= TimeSpan.Zero)
            {
                Failed(RpcErrors.NotSentInTime(Method, null));
                return false;
            }

            _timer = Invoker.TimeProvider.CreateTimer(static state => ((OutgoingCall)state!).DeadlinePassed(), this, left, Timeout.InfiniteTimeSpan);
        }

        if (!CancellationToken.CanBeCanceled)
        {
            return true;
        }

        _cancellation = CancellationToken.UnsafeRegister(static (state, token) => ((OutgoingCall)state!).GiveUp(new OperationCanceledException(token)), this);
        return !IsFinished;
    }

    private bool StopWatching()
    {
        _timer?.Dispose();
        _timer = null;
        bool removed = !CancellationToken.CanBeCanceled || _cancellation.Unregister();
        _cancellation = default;

        // A timer's callback may be about to look at this object, which then stays out of the pool.
        return removed && Deadline is null;
    }

    private void DeadlinePassed()
        => GiveUp(Phase == CallPhase.Sending ? RpcErrors.NotSentInTime(Method, WaitingFor) : RpcErrors.DeadlineExceeded(Method));

    // On a thread of the caller's, or of a timer. The object stays out of the pool.
    private void GiveUp(Exception reason)
    {
        RememberEarlierAttempts(reason);

        // Before the phase: a reader that sees the call ended asks why.
        Interlocked.CompareExchange(ref _reason, reason, null);
        CallAction action = Apply(CallEvent.GivenUp);
        if (action == CallAction.Ignore)
        {
            return;
        }

        _timer?.Dispose();
        if (Volatile.Read(ref _givingUp) is { } givingUp)
        {
            _ = givingUp.FireAsync();
        }

        if (action is CallAction.CompleteAndWithdraw or CallAction.Withdraw)
        {
            Volatile.Read(ref _path)!.Withdraw(this);
        }

        if (action == CallAction.Withdraw)
        {
            return;
        }

        if (action == CallAction.Complete)
        {
            ForgetObjects();
            EndStreams(reason);
        }

        StopObserving(reason);
        _source?.Fail(reason, isForeignThread: true);
    }

    // Once, by whoever ends the call.
    private void StopObserving(Exception? error)
    {
        if (_activity is null && _invocation is null && _startedAt == 0)
        {
            return;
        }

        RpcStatusCode status = RpcErrors.StatusOf(error);
        Tracing.Stop(Interlocked.Exchange(ref _activity, null), status);
        if (Interlocked.Exchange(ref _startedAt, 0) is not 0 and var startedAt)
        {
            CallMetrics.Stop(Method, isServer: false, startedAt, status, _arguments.Length, _response.Length - _responseFields);
        }

        Interlocked.Exchange(ref _invocation, null)?.CallEnded(status, error);
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
            _canBeReused = StopWatching();
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
        Tracing.Retry(_activity, Retries, failure.StatusCode);
        CallMetrics.Retried(Method);
        _error = null;
        _status = RpcStatusCode.OK;
        _response.Clear();
        _responseFields = 0;
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

    private void ReadResponseFields()
    {
        ReadOnlySpan<byte> fields = _response.WrittenSpan[.._responseFields];
        try
        {
            if (Context is not null)
            {
                Context.ResponseMetadata = CallFields.ReadMetadata(fields);
            }

            if (_status != RpcStatusCode.OK)
            {
                _error = FailureReader.Read(Method, _status, fields, PayloadLimits);
            }
        }
        catch (InvalidDataException exception)
        {
            _error = RpcErrors.BadResult(Method, exception);
        }
    }

    private void Recycle()
    {
        _arguments.Clear();
        _fields.Clear();
        _response.Clear();
        _fixedFields = 0;
        _responseFields = 0;
        _objects = null;
        _source = null;
        _error = null;
        _reason = null;
        _path = null;
        _passedOn = null;
        _status = RpcStatusCode.OK;
        _canBeReused = false;
        _mayHaveRun = false;
        _invocation = null;
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
