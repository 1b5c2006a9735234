using System.Diagnostics;
using IrohRpc.Internal;

namespace IrohRpc.CompilerServices;

// The life of a unary call: sent, then finished exactly once, by the answer, the caller's token, the deadline, or a loss.
public sealed partial class OutgoingCall : ILaneWork
{
    private const int Pending = 1;
    private const int Finished = 2;

    // Beyond what timers can do, some 49 days, a deadline means nothing.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(46);

    private static readonly Pool<OutgoingCall> Free = new(4096, static () => new OutgoingCall());

    private readonly CallBuffer _fields = new();
    private readonly CallBuffer _answer = new();
    private List<PassedObject>? _objects;
    private CallStreams? _streams;
    private CallSource? _source;
    private CancellationTokenRegistration _cancellation;
    private ITimer? _timer;
    private Activity? _activity;
    private ClientLane? _lane;
    private Exception? _error;
    private RpcStatusCode _status;
    private int _answerFields;
    private int _state;
    private bool _canBeReused;

    /// <summary>For the runtime's pool alone.</summary>
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

    internal bool IsOneWay => Method.Result == ResultKind.OneWay;

    internal bool IsFinished => Volatile.Read(ref _state) == Finished;

    internal ReadOnlyMemory<byte> Arguments => _arguments.WrittenMemory;

    internal IReadOnlyList<PassedObject> Objects => _objects ?? (IReadOnlyList<PassedObject>)[];

    internal CallStreams Streams => _streams ??= new CallStreams();

    internal CallStreams? StreamsOrNull => _streams;

    /// <summary>The call's number on its lane. Guarded by the lane.</summary>
    internal int Number { get; private set; }

    /// <summary>Where its request stands among what the lane sent. Guarded by the lane.</summary>
    internal long Position { get; set; }

    /// <summary>What the result may cost.</summary>
    internal PayloadLimits PayloadLimits { get; private set; }

    internal ReadOnlySpan<byte> ResultBytes => _answer.WrittenSpan[_answerFields..];

    private bool NeedsStream => _streams is not null
        || _arguments.Length > WireFormat.LargestOnLane
        || Method.Result is ResultKind.Items or ResultKind.Bytes or ResultKind.BytesBack;

    internal static OutgoingCall Rent(CallInvoker invoker, MethodDescriptor method, CallContext? context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(method);
        OutgoingCall call = Free.Rent();
        call.Method = method;
        call.Invoker = invoker;
        call.Context = context;
        call.CancellationToken = cancellationToken;
        call.Deadline = FindDeadline(invoker, context);
        call._activity = Tracing.StartCall(method);
        return call;
    }

    /// <summary>How much time is left; null without a deadline.</summary>
    internal TimeSpan? TimeLeft()
        => Deadline is { } deadline ? Invoker.TimeProvider.GetElapsedTime(Invoker.TimeProvider.GetTimestamp(), deadline) : null;

    /// <summary>Writes the fields that the request carries.</summary>
    internal ReadOnlySpan<byte> WriteFields()
    {
        _fields.Clear();
        if (TimeLeft() is { } left)
        {
            FieldWriter.WriteTimeout(_fields, left);
        }

        if (Context is { HasMetadata: true })
        {
            FieldWriter.WriteMetadata(_fields, Context.Metadata);
        }

        if ((_activity ?? Activity.Current) is { } activity)
        {
            FieldWriter.WriteTrace(_fields, activity);
        }

        return _fields.WrittenSpan;
    }

    /// <summary>The lane has taken the call. Called by the lane, which holds its lock, before the request is appended.</summary>
    internal void TakenBy(ClientLane lane, int number)
    {
        Number = number;
        PayloadLimits = lane.Connection.Options.PayloadLimits;
        Volatile.Write(ref _lane, lane);
    }

    /// <summary>The answer has come: keeps it until a worker runs the call.</summary>
    internal void SetAnswer(RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        _status = status;
        _answer.Clear();
        _answer.Write(fields);
        _answer.Write(result);
        _answerFields = fields.Length;
    }

    /// <summary>The lane is gone: keeps why until a worker runs the call.</summary>
    internal void SetError(Exception error) => _error = error;

    ILaneWork? ILaneWork.Next { get; set; }

    void ILaneWork.Run()
    {
        ClientLane? lane = Volatile.Read(ref _lane);
        Volatile.Write(ref _lane, null);
        if (lane is not null && (_error is not null || _status != RpcStatusCode.OK) && TakeError() is RpcException { IsNotStarted: true } refusal)
        {
            lane.Connection.Forget(Objects);
            if (_status == RpcStatusCode.Unavailable)
            {
                lane.Connection.PeerRefuses();
            }
        }

        if ((_error is not null || _status != RpcStatusCode.OK) && TryAgain())
        {
            return;
        }

        if (_error is RpcException { IsNotStarted: true })
        {
            Invoker.Forget(this);
        }

        if (TryFinish())
        {
            _canBeReused = StopWatching();
            _source!.Complete(this);
        }
    }

    /// <summary>Ends the call with an error that no answer brought, unless it has ended already.</summary>
    internal void Fail(Exception error)
    {
        if (error is RpcException { IsNotStarted: true })
        {
            Invoker.Forget(this);
        }

        if (_source is null)
        {
            Invoker.PostFailed(this, error);
            Ended(error);
        }
        else if (TryFinish())
        {
            _canBeReused = StopWatching();
            CallSource source = _source;
            Ended(error);
            source.Fail(error);
        }
    }

    /// <summary>The error of what came as answer; null where it is a result.</summary>
    internal Exception? TakeError()
    {
        if (_answerFields > 0 && _error is null)
        {
            ReadAnswerFields();
        }

        return _error ?? (_status == RpcStatusCode.OK ? null : new RpcException(_status, $"{Method} failed.") { Method = Method.ToString() });
    }

    /// <summary>The call is over and nobody needs it any more: the object goes back where nothing else can still hold it.</summary>
    internal void Ended(Exception? error)
    {
        Activity? activity = _activity;
        _activity = null;
        Tracing.Stop(activity, error is null ? RpcStatusCode.OK : (error as RpcException)?.StatusCode ?? RpcStatusCode.Cancelled);
        if (_canBeReused && _streams is null)
        {
            Recycle();
        }
    }

    /// <summary>Gives the memory of a call back that had a stream of its own: it is over, and nothing comes for it any more.</summary>
    internal void ReleaseBuffers()
    {
        _arguments.Release();
        _fields.Release();
        _answer.Release();
        _answerFields = 0;
    }

    /// <summary>A one-way call is on its way.</summary>
    internal void Posted()
    {
        _canBeReused = true;
        Ended(null);
    }

    private static long? FindDeadline(CallInvoker invoker, CallContext? context)
    {
        TimeSpan? timeout = context?.Timeout ?? invoker.Timeout;
        if (context?.Deadline is { } deadline)
        {
            TimeSpan left = deadline - invoker.TimeProvider.GetUtcNow();
            timeout = timeout is { } other && other < left ? other : left;
        }

        return timeout is { } span && span < LongestTimeout
            ? invoker.TimeProvider.GetTimestamp() + (long)(Math.Max(0, span.TotalSeconds) * invoker.TimeProvider.TimestampFrequency)
            : null;
    }

    private void Send(CallSource? source)
    {
        _source = source;
        _state = Pending;
        if (source is not null && !Watch())
        {
            return;
        }

        Invoker.Send(this);
    }

    // Before the call is sent: once it is, the answer may end it at any moment.
    private bool Watch()
    {
        if (TimeLeft() is { } left)
        {
            if (left <= TimeSpan.Zero)
            {
                Fail(RpcErrors.DeadlineExceeded(Method));
                return false;
            }

            _timer = Invoker.TimeProvider.CreateTimer(static state => ((OutgoingCall)state!).DeadlinePassed(), this, left, Timeout.InfiniteTimeSpan);
        }

        if (!CancellationToken.CanBeCanceled)
        {
            return true;
        }

        _cancellation = CancellationToken.UnsafeRegister(static (state, token) => ((OutgoingCall)state!).Cancelled(token), this);
        return !IsFinished;
    }

    private bool StopWatching()
    {
        _timer?.Dispose();
        _timer = null;
        bool removed = !CancellationToken.CanBeCanceled || _cancellation.Unregister();
        _cancellation = default;

        // A timer's callback may be about to look at this object: it then stays out of the pool.
        return removed && Deadline is null;
    }

    private void Cancelled(CancellationToken token) => GiveUp(new OperationCanceledException(token));

    private void DeadlinePassed() => GiveUp(RpcErrors.DeadlineExceeded(Method));

    // The object stays out of the pool: its answer may still come.
    private void GiveUp(Exception error)
    {
        CallSource? source = _source;
        if (!TryFinish())
        {
            return;
        }

        _timer?.Dispose();
        Volatile.Read(ref _lane)?.Cancel(this);
        Tracing.Stop(_activity, (error as RpcException)?.StatusCode ?? RpcStatusCode.Cancelled);
        source!.Fail(error);
    }

    private bool TryFinish() => Interlocked.CompareExchange(ref _state, Finished, Pending) == Pending;

    private bool TryAgain()
    {
        Exception? error = TakeError();
        if (error is not RpcException failure || !Invoker.ShouldRetry(this, failure))
        {
            _error = error;
            return false;
        }

        Retries++;
        _error = null;
        _status = RpcStatusCode.OK;
        _answer.Clear();
        _answerFields = 0;
        Invoker.Send(this);
        return true;
    }

    private void ReadAnswerFields()
    {
        ReadOnlySpan<byte> fields = _answer.WrittenSpan[.._answerFields];
        try
        {
            if (Context is not null)
            {
                Context.ResponseMetadata = FieldReader.ReadMetadata(fields);
            }

            if (_status != RpcStatusCode.OK)
            {
                _error = FailureReader.Read(Method, _status, fields);
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
        _answer.Clear();
        _answerFields = 0;
        _objects = null;
        _source = null;
        _error = null;
        _status = RpcStatusCode.OK;
        _canBeReused = false;
        Context = null;
        Invoker = null!;
        CancellationToken = default;
        Deadline = null;
        Retries = 0;
        _state = 0;
        Free.Return(this);
    }
}
