using IrohRpc.Internal;

namespace IrohRpc.CompilerServices;

// The life of a call at its caller, whichever way it travels: see CallState. The thread that moves the call to Ended completes its source.
public sealed partial class OutgoingCall : ILaneWork
{
    private static readonly Pool<OutgoingCall> Free = new(4096, static () => new OutgoingCall());

    private OutgoingFields _fields = new();
    private CallStreams? _streams;
    private CallSource? _source;
    private CancellationTokenSource? _givingUp;
    private CallResponse _response = new();
    private CallWatch _watch;
    private CallObservation _observation;
    private ICallPath? _path;
    private Exception? _reason;
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

    internal IReadOnlyList<PassedObject> Objects => _fields.Objects ?? (IReadOnlyList<PassedObject>)[];

    /// <summary>Whether the call passes objects.</summary>
    internal bool PassesObjects => _fields.Objects is not null;

    internal CallStreams Streams => _streams ??= new CallStreams();

    internal CallStreams? StreamsOrNull => _streams;

    /// <summary>The call's number on its lane. Guarded by the lane.</summary>
    internal int Number { get; private set; }

    /// <summary>Where its request stands among what the lane sent. Guarded by the lane.</summary>
    internal long Position { get; set; }

    /// <summary>What the result may cost.</summary>
    internal PayloadLimits PayloadLimits { get; private set; }

    internal ReadOnlySpan<byte> ResultBytes => _response.Result;

    /// <summary>Whether the call takes a stream of its own.</summary>
    internal bool NeedsStream => _streams is not null
        || _arguments.Length > WireFormat.LargestOnLane
        || Method.Result is ResultKind.Items or ResultKind.Bytes or ResultKind.BytesBack or ResultKind.Contract;

    /// <summary>What the request takes while it waits for the network.</summary>
    internal int Size => _arguments.Length + _fields.FixedLength + WireFormat.LargestHead;

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
        call._observation.Intercept(invocation);
        call.CancellationToken = cancellationToken;
        return call;
    }

    /// <summary>How much time is left; null without a deadline.</summary>
    internal TimeSpan? TimeLeft()
        => Deadline is { } deadline ? Invoker.TimeProvider.GetElapsedTime(Invoker.TimeProvider.GetTimestamp(), deadline) : null;

    /// <summary>The fields that the request carries, with the time that is left now.</summary>
    /// <param name="connection">The connection that the call is about to be sent on; null for a broadcast.</param>
    /// <param name="turn">The call's turn, for one that takes a stream; -1 for none.</param>
    internal ReadOnlySpan<byte> WriteFields(RpcConnection? connection, long turn = -1) => _fields.Write(connection, TimeLeft(), turn);

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
    internal void PassedOn(RpcConnection connection) => _fields.PassedOn(connection);

    /// <summary>The peer will never hold what the call passes.</summary>
    internal void ForgetObjects() => _fields.ForgetObjects();

    /// <summary>Gives the call up when a token fires that came with the enumeration of its response.</summary>
    internal void Watch(CancellationToken cancellationToken) => _watch.RegisterReader(this, cancellationToken);

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
            Deadline = CallDeadline.Find(Invoker, Context);
            _fields.WriteFixed(Context, _observation.Start(Method));
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
            Fail(exception, isThrown: source is null);
            if (source is null)
            {
                throw;
            }
        }
    }

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

            _watch.StartTimer(this, left);
        }

        if (!CancellationToken.CanBeCanceled)
        {
            return true;
        }

        _watch.Register(this);
        return !IsFinished;
    }

    /// <summary>A token has fired that gives the call up.</summary>
    internal void Cancelled(CancellationToken token) => GiveUp(new OperationCanceledException(token));

    /// <summary>The deadline is there.</summary>
    internal void DeadlinePassed()
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

        _watch.StopTimer();
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
}
