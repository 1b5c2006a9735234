using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using IrohRpc.Internal;

namespace IrohRpc.CompilerServices;

// The life of a call at the handler's side: taken in, run, answered once, and used again where it came over a lane.
[SuppressMessage("Design", "CA1001", Justification = "The token source is disposed where it holds a timer; otherwise there is nothing to release.")]
public sealed partial class IncomingCall : ILaneWork
{
    private static readonly Pool<IncomingCall> Free = new(4096, static () => new IncomingCall());

    private readonly CallBuffer _request = new();
    private readonly CallBuffer _result = new();
    private readonly CallBuffer _answerFields = new();
    private readonly Lock _gate = new();
    private ServiceBinding _binding = null!;
    private CancellationTokenSource? _cancellation;
    private CallContext? _context;
    private Activity? _activity;
    private DateTimeOffset? _deadline;
    private List<Func<ValueTask>>? _endings;
    private int _fieldsLength;
    private bool _cancelRequested;
    private bool _hasDeadline;
    private bool _isReused;

    /// <summary>For the runtime's pool alone.</summary>
    internal IncomingCall()
    {
    }

    internal RpcConnection Connection { get; private set; } = null!;

    internal AnswerPath Path { get; private set; } = null!;

    /// <summary>The number by which the caller knows the call.</summary>
    internal long Number { get; private set; }

    internal bool IsOneWay { get; private set; }

    /// <summary>Whether the caller wants no answer any more, or its deadline has passed.</summary>
    internal bool IsGivenUp
    {
        get
        {
            lock (_gate)
            {
                return _cancelRequested || _cancellation is { IsCancellationRequested: true };
            }
        }
    }

    /// <summary>Whether it was the deadline that ended the call.</summary>
    internal bool IsPastDeadline
    {
        get
        {
            lock (_gate)
            {
                return !_cancelRequested && _hasDeadline && _cancellation!.IsCancellationRequested;
            }
        }
    }

    private ReadOnlySpan<byte> Fields => _request.WrittenSpan[.._fieldsLength];

    private ReadOnlySpan<byte> ArgumentBytes => _request.WrittenSpan[_fieldsLength..];

    private StreamService Stream => Path as StreamService
        ?? throw new InvalidOperationException($"{Method} streams, and its call came over a lane.");

    /// <summary>Takes a request in.</summary>
    internal static IncomingCall Rent(
        AnswerPath path, RpcConnection connection, ServiceBinding binding, MethodDescriptor method, long number, bool isOneWay, in RequestFrame frame)
    {
        IncomingCall call = path is ServerLane ? Free.Rent() : new IncomingCall();
        call._isReused = path is ServerLane;
        call.Path = path;
        call.Connection = connection;
        call._binding = binding;
        call.Method = method;
        call.Number = number;
        call.IsOneWay = isOneWay;
        call._fieldsLength = frame.Fields.Length;
        call._request.Write(frame.Fields);
        call._request.Write(frame.Arguments);
        return call;
    }

    /// <summary>Adds what happens when the call has ended.</summary>
    internal void OnEnded(Func<ValueTask> ending) => (_endings ??= []).Add(ending);

    ILaneWork? ILaneWork.Next { get; set; }

    void ILaneWork.Run() => Run();

    /// <summary>Runs the handler.</summary>
    internal void Run()
    {
        Activity? outer = Activity.Current;
        try
        {
            ReadFields();
            _binding.Dispatch(this);
        }
        catch (Exception exception)
        {
            // Code of the contract's types and of the handler, which may throw anything.
            DispatchFailed(exception);
        }

        if (Activity.Current != outer)
        {
            Activity.Current = outer;
        }
    }

    /// <summary>Marks the call as given up and hands out what tells the handler so; null where nobody has asked for it yet.</summary>
    internal CancellationTokenSource? TakeCancellation()
    {
        lock (_gate)
        {
            _cancelRequested = true;
            return _cancellation;
        }
    }

    /// <summary>Answers without a value.</summary>
    internal void Succeed() => Answer(RpcStatusCode.OK, null);

    /// <summary>Answers with a value.</summary>
    internal void Succeed<T>(T result, ValueWriter<T> writer)
    {
        try
        {
            _result.Clear();
            _result.WriteValue(result, writer);
        }
        catch (Exception exception)
        {
            // The formatters of the result's types may throw anything.
            _result.Clear();
            HandlerFailed(exception);
            return;
        }

        Answer(RpcStatusCode.OK, null);
    }

    /// <summary>Answers with what an exception means to a caller.</summary>
    internal void HandlerFailed(Exception exception)
    {
        RpcStatusCode status = DescribeFailure(exception, _answerFields);
        _result.Clear();
        Answer(status, exception);
    }

    /// <summary>Writes the fields that tell a caller of an exception, and says with which code.</summary>
    internal RpcStatusCode DescribeFailure(Exception exception, CallBuffer fields)
    {
        fields.Clear();
        return FailureWriter.Write(this, exception, fields);
    }

    /// <summary>Writes the metadata of the answer, where the handler set any.</summary>
    internal void WriteResponseMetadata(CallBuffer fields)
    {
        if (_context?.ResponseMetadataOrNull is { } metadata)
        {
            FieldWriter.WriteMetadata(fields, metadata);
        }
    }

    /// <summary>The call is over: lets go of all that it held.</summary>
    internal void End(RpcStatusCode status)
    {
        Tracing.Stop(_activity, status);
        RpcConnection connection = Connection;
        List<Func<ValueTask>>? endings = _endings;
        if (_hasDeadline)
        {
            _cancellation?.Dispose();
        }

        if (_isReused)
        {
            Recycle();
        }
        else
        {
            _request.Release();
            _result.Release();
            _answerFields.Release();
        }

        connection.CallEnded();
        if (endings is not null)
        {
            connection.RunEndings(endings);
        }
    }

    private void Answer(RpcStatusCode status, Exception? exception)
    {
        if (status == RpcStatusCode.OK)
        {
            _answerFields.Clear();
        }

        try
        {
            WriteResponseMetadata(_answerFields);
        }
        catch (Exception failure) when (exception is null)
        {
            HandlerFailed(failure);
            return;
        }

        Path.Answer(this, status, _answerFields.WrittenSpan, _result.WrittenSpan);
    }

    private void DispatchFailed(Exception exception)
    {
        if (_argumentsRead)
        {
            HandlerFailed(exception);
            return;
        }

        ReturnReaderState();
        string argument = _argument >= 0 && _argument < Method.Parameters.Count ? $"argument \"{Method.Parameters[_argument].Name}\"" : "the arguments";
        _answerFields.Clear();
        FieldWriter.WriteMessage(_answerFields, $"{Method}: {argument} cannot be read: {exception.Message}");
        FieldWriter.WriteNotStarted(_answerFields);
        Path.Answer(this, RpcStatusCode.InvalidArgument, _answerFields.WrittenSpan, default);
    }

    private void ReadFields()
    {
        if (_fieldsLength == 0 && !Tracing.IsOn)
        {
            return;
        }

        ReadOnlySpan<byte> traceParent = default;
        ReadOnlySpan<byte> traceState = default;
        var reader = new FieldReader(Fields);
        while (reader.TryRead(out long tag, out ReadOnlySpan<byte> value))
        {
            switch (tag)
            {
                case FieldTag.Timeout when VarInt.TryRead(ref value, out long microseconds):
                    SetDeadline(microseconds);
                    break;
                case FieldTag.TraceParent:
                    traceParent = value;
                    break;
                case FieldTag.TraceState:
                    traceState = value;
                    break;
            }
        }

        _activity = Tracing.StartHandler(Method, traceParent, traceState);
    }

    private void SetDeadline(long microseconds)
    {
        // Beyond what timers can do, some 49 days, a deadline means nothing.
        const long longest = 4_000_000_000_000;
        if (microseconds >= longest || _hasDeadline)
        {
            return;
        }

        TimeProvider clock = Connection.Options.TimeProvider;
        TimeSpan left = TimeSpan.FromMicroseconds(microseconds);
        _deadline = clock.GetUtcNow() + left;
        lock (_gate)
        {
            _hasDeadline = true;
            _cancellation = new CancellationTokenSource(left, clock);
            if (_cancelRequested)
            {
                _cancellation.Cancel();
            }
        }
    }

    private CancellationToken GetCancellationToken()
    {
        lock (_gate)
        {
            if (_cancellation is null)
            {
                if (_cancelRequested)
                {
                    return new CancellationToken(canceled: true);
                }

                _cancellation = new CancellationTokenSource();
            }

            return _cancellation.Token;
        }
    }

    private CallContext CreateContext()
    {
        // Read now: the request's bytes are gone once the call has been answered.
        Metadata metadata = FieldReader.ReadMetadata(Fields);
        return new CallContext(Connection, _deadline, metadata);
    }

    private void Recycle()
    {
        lock (_gate)
        {
            _cancellation = null;
            _cancelRequested = false;
            _hasDeadline = false;
        }

        _request.Clear();
        _result.Clear();
        _answerFields.Clear();
        _fieldsLength = 0;
        _binding = null!;
        _context = null;
        _activity = null;
        _endings = null;
        _deadline = null;
        _argument = 0;
        _argumentsRead = false;
        _mayReuseReaderState = true;
        Method = null!;
        Path = null!;
        Connection = null!;
        Free.Return(this);
    }
}
