using System.Diagnostics;
using IrohRpc.Internal;

namespace IrohRpc.CompilerServices;

// The life of a call at the service: it arrives, waits for its turn, runs, is responded to once, and ends.
public sealed partial class IncomingCall : ILaneWork
{
    private static readonly Pool<IncomingCall> Free = new(4096, static () => new IncomingCall());

    // Timers count whole milliseconds, by a clock that moves in steps of some more.
    private static readonly TimeSpan TimerTolerance = TimeSpan.FromMilliseconds(10);

    private readonly CallBuffer _request = new();
    private readonly CallBuffer _result = new();
    private readonly CallBuffer _responseFields = new();
    private ServiceBinding _binding = null!;
    private HandlerCancellation _cancellation = new();
    private CallContext? _context;
    private IncomingInvocation? _invocation;
    private long _startedAt;
    private Activity? _activity;
    private List<Func<ValueTask>>? _endings;
    private PassedObject? _passed;
    private long _cost;
    private int _fieldsLength;
    private int _uses;
    private Step _step;

    /// <summary>Called only by the pool.</summary>
    internal IncomingCall()
    {
    }

    // How far the dispatcher has come, which says whose fault an exception is.
    private enum Step
    {
        Resolving,
        Arguments,
        Handler,
    }

    internal ICallHost Host { get; private set; } = null!;

    private RpcConnection Connection => Host.Connection ?? throw new InvalidOperationException("The call came without a connection.");

    internal CallResponder Responder { get; private set; } = null!;

    /// <summary>The number by which the caller knows the call.</summary>
    internal long Number { get; private set; }

    internal bool IsOneWay { get; private set; }

    /// <summary>Whether nobody waits for the result any more: the caller gave up the call, its deadline passed, or the connection is lost.</summary>
    internal bool IsGivenUp => _cancellation.IsGivenUp(Host, IsOneWay);

    /// <summary>Whether the deadline ended the call.</summary>
    internal bool IsPastDeadline => _cancellation.IsPastDeadline(Host);

    /// <summary>The same for the calls that the handler makes: they end with this one, by timers of their own, which may strike a little early.</summary>
    internal bool IsAtDeadline => IsPastDeadline || (_cancellation.HasDeadline && !_cancellation.IsRequested && _cancellation.TimeLeft(Host) <= TimerTolerance);

    private ReadOnlySpan<byte> Fields => _request.WrittenSpan[.._fieldsLength];

    private ReadOnlySpan<byte> ArgumentBytes => _request.WrittenSpan[_fieldsLength..];

    private TimeProvider Clock => Host.Options.TimeProvider;

    private DateTimeOffset? Deadline => _cancellation.HasDeadline ? Clock.GetUtcNow() + _cancellation.TimeLeft(Host) : null;

    /// <summary>Takes a request in. Its deadline counts from here.</summary>
    /// <param name="responder">The way back.</param>
    /// <param name="host">Where it arrived. A connection has counted the call.</param>
    /// <param name="binding">What is called.</param>
    /// <param name="method">Which method of it.</param>
    /// <param name="number">The caller's number for the call.</param>
    /// <param name="isOneWay">Whether the caller wants no response.</param>
    /// <param name="frame">The request.</param>
    /// <param name="fields">What its fields say.</param>
    internal static IncomingCall Rent(
        CallResponder responder,
        ICallHost host,
        ServiceBinding binding,
        MethodDescriptor method,
        long number,
        bool isOneWay,
        in RequestFrame frame,
        in RequestFields fields)
    {
        long? deadline;
        try
        {
            deadline = HandlerCancellation.ReadDeadline(host, fields.Timeout);
        }
        catch (Exception)
        {
            // A clock of others may throw: there is no call then that would return its place.
            host.Connection?.ReturnPlace(frame.Cost);
            throw;
        }

        IncomingCall call = responder.ReusesCalls ? Free.Rent() : new IncomingCall();
        call.Responder = responder;
        call.Host = host;
        call._binding = binding;
        call.Method = method;
        call.Number = number;
        call.IsOneWay = isOneWay;
        call._cost = frame.Cost;
        call._fieldsLength = frame.Fields.Length;
        call._request.Write(frame.Fields);
        call._request.Write(frame.Arguments);
        call._cancellation.Begin(deadline);
        return call;
    }

    /// <summary>Adds what happens when the call has ended.</summary>
    internal void OnEnded(Func<ValueTask> ending) => (_endings ??= []).Add(ending);

    ILaneWork? ILaneWork.Next { get; set; }

    void ILaneWork.Run() => Run();

    /// <summary>Runs the handler, unless nobody waits for the call any more. Never throws.</summary>
    internal void Run()
    {
        int use = _uses;
        try
        {
            bool isLate = _cancellation.HasDeadline && _cancellation.TimeLeft(Host) <= TimeSpan.Zero;
            if (isLate || _cancellation.IsRequested)
            {
                Reject(new Rejection(
                    isLate ? RpcStatusCode.DeadlineExceeded : RpcStatusCode.Cancelled,
                    isLate ? $"{Method} was not started before its deadline." : $"{Method} was cancelled before it started."));
                return;
            }

            _activity = Tracing.IsOn ? Tracing.StartHandler(Method, Fields) : null;
            _startedAt = CallMetrics.Start(Method, isServer: true);
            if (_cancellation.Deadline is { } deadline)
            {
                AmbientDeadline.Set(Clock, deadline);
            }

            if (Host.Options.FlowsContext)
            {
                CallContext.Flow(Context);
            }

            if (Host.Interceptors is { } interceptors)
            {
                _invocation = _binding.Intercept(this);
                _ = _invocation.RunAsync(interceptors);
                return;
            }

            _binding.Dispatch(this);
        }
        catch (Exception exception)
        {
            // Code of the contract's types, of the resolver and of the handler, which may throw anything.
            if (use == _uses)
            {
                DispatchFailed(exception);
            }
        }
    }

    /// <summary>Marks the call as given up, and returns what tells the handler; null while nobody has asked for it.</summary>
    internal CancellationTokenSource? TakeCancellation() => _cancellation.Take();

    /// <summary>The response was handed over: releases everything that the call held. The caller of this method returns the place with <see cref="RpcConnection.ReturnPlace"/>.</summary>
    /// <returns>What the call costs the connection's budget until its place is returned.</returns>
    internal long End(RpcStatusCode status)
    {
        Activity? activity = _activity;
        ICallHost host = Host;
        _invocation?.Ended(status);
        if (_startedAt != 0)
        {
            CallMetrics.Stop(Method, isServer: true, _startedAt, status, _request.Length - _fieldsLength, _result.Length);
            _startedAt = 0;
        }

        List<Func<ValueTask>>? endings = _endings;
        long cost = _cost;
        _cancellation.End();
        if (Responder.ReusesCalls)
        {
            Recycle();
        }
        else
        {
            _uses++;
            _request.Release();
            _result.Release();
            _responseFields.Release();
        }

        Tracing.Stop(activity, status);
        host.HandlerEnded();
        if (endings is not null)
        {
            host.RunEndings(endings);
        }

        return cost;
    }

    private void Recycle()
    {
        _uses++;
        _cancellation.Clear();
        _request.Clear();
        _result.Clear();
        _responseFields.Clear();
        _fieldsLength = 0;
        _cost = 0;
        _binding = null!;
        _context = null;
        _invocation = null;
        _activity = null;
        _endings = null;
        _passed = null;
        _argument = 0;
        _mayReuseReaderState = true;
        _step = Step.Resolving;
        Method = null!;
        Responder = null!;
        Host = null!;
        Free.Return(this);
    }
}
