using System.Diagnostics;
using IrohRpc.Internal;

namespace IrohRpc.CompilerServices;

// The life of a call at the service: it arrives, waits for its turn, runs, is responded to once, and ends.
public sealed partial class IncomingCall : ILaneWork
{
    private static readonly Pool<IncomingCall> Free = new(4096, static () => new IncomingCall());

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

    /// <summary>Responds without a value.</summary>
    internal void Succeed() => Respond(RpcStatusCode.OK);

    /// <summary>Responds with a value.</summary>
    internal void Succeed<T>(T result, ValueWriter<T> writer)
    {
        try
        {
            _result.Clear();
            if (result is null && Method.RefusesNullResult)
            {
                throw new InvalidOperationException($"{Method} returned null, which its type does not allow.");
            }

            _result.WriteValue(result, writer, Host.Options.BoundsFor(Method));
        }
        catch (Exception exception)
        {
            // The formatters of the result's types may throw anything.
            _result.Clear();
            HandlerFailed(exception);
            return;
        }

        Respond(RpcStatusCode.OK);
    }

    /// <summary>Responds with what an exception means to a caller.</summary>
    /// <param name="exception">What the handler threw, or an interceptor.</param>
    /// <param name="notStarted">Whether the handler has not run, and nothing else knows of what the caller passed.</param>
    internal void HandlerFailed(Exception exception, bool notStarted = false)
    {
        RpcStatusCode status = DescribeFailure(exception, _responseFields);
        if (notStarted)
        {
            FieldWriter.WriteNotStarted(_responseFields);
        }

        _result.Clear();
        Respond(status);
    }

    /// <summary>Responds that the handler has not run.</summary>
    internal void Reject(Rejection rejection)
    {
        _responseFields.Clear();
        FieldWriter.WriteMessage(_responseFields, rejection.Message);
        FieldWriter.WriteNotStarted(_responseFields);
        _result.Clear();
        Send(rejection.Status);
    }

    /// <summary>Writes the fields that tell a caller of an exception, and returns the status. Never throws.</summary>
    internal RpcStatusCode DescribeFailure(Exception exception, CallBuffer fields)
    {
        fields.Clear();
        if (_invocation is { } invocation)
        {
            invocation.Exception = exception;
        }

        return FailureWriter.Write(this, exception, fields);
    }

    /// <summary>Writes the metadata of the response, where the handler set any.</summary>
    /// <exception cref="Exception">The handler changes it on another thread, or it is too large.</exception>
    internal void WriteResponseMetadata(CallBuffer fields)
    {
        if (_context?.ResponseMetadataOrNull is not { } metadata)
        {
            return;
        }

        CallFields.WriteMetadata(fields, metadata);
        if (fields.Length > Host.Options.MaxFieldBytes)
        {
            throw new RpcException(
                RpcStatusCode.ResourceExhausted,
                $"The response metadata of {Method} takes more than the {Host.Options.MaxFieldBytes} bytes that {nameof(RpcOptions.MaxFieldBytes)} allows.");
        }
    }

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

    private void Respond(RpcStatusCode status)
    {
        if (status == RpcStatusCode.OK)
        {
            _responseFields.Clear();
        }

        if (_passed is not null)
        {
            CallFields.WriteObject(_responseFields, _passed, Connection);
        }

        int length = _responseFields.Length;
        try
        {
            WriteResponseMetadata(_responseFields);
        }
        catch (Exception failure)
        {
            // Another thread of the handler's may change the metadata meanwhile. A failure keeps its status and goes without metadata.
            if (status == RpcStatusCode.OK)
            {
                status = DescribeFailure(failure, _responseFields);
                _result.Clear();
            }
            else
            {
                _responseFields.Truncate(length);
            }
        }

        Send(status);
    }

    private void Send(RpcStatusCode status)
    {
        CallResponder responder = Responder;
        try
        {
            responder.Respond(this, status, _responseFields.WrittenSpan, _result.WrittenSpan);
        }
        catch (Exception exception)
        {
            responder.Break(exception);
        }
    }

    private void DispatchFailed(Exception exception)
    {
        if (_step != Step.Arguments)
        {
            // The handler's, or the resolver's.
            HandlerFailed(exception);
            return;
        }

        RpcException failure = UnreadableArguments(exception);
        Reject(new Rejection(failure.StatusCode, failure.Message));
    }

    /// <summary>What a caller gets whose arguments cannot be read.</summary>
    internal RpcException UnreadableArguments(Exception exception)
    {
        ReturnReaderState();
        string argument = _argument >= 0 && _argument < Method.Parameters.Count ? $"argument \"{Method.Parameters[_argument].Name}\"" : "the arguments";
        string reason = exception is MemoryPack.MemoryPackSerializationException or InvalidDataException || Host.Options.ExposeExceptionDetails
            ? exception.SafeMessage()
            : "its bytes are not what the type's formatter expects.";
        Host.LogRejected(RpcStatusCode.InvalidArgument, $"{Method}: {argument} cannot be read: {exception.SafeMessage()}");
        return new RpcException(RpcStatusCode.InvalidArgument, $"{Method}: {argument} cannot be read: {reason}");
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
