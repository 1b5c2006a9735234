using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>The caller's end of a call that takes a stream of its own. It reads what comes back; uploads run beside it.</summary>
internal sealed partial class StreamCall : DirectionReader, IAsyncDisposable
{
    private readonly OutgoingCall _call;
    private readonly RpcConnection _connection;
    private readonly PeerStream _stream;
    private readonly FrameSender _sender;
    private readonly FrameReader _frames;
    private readonly CallWatch _watch;
    private readonly CancellationTokenSource _uploadsEnd = new();
    private readonly List<Task> _uploads = [];
    private CancellationTokenRegistration _givingUp;
    private Exception? _uploadFailure;
    private Exception? _error;
    private long _requestPosition;
    private bool _hasHead;
    private bool _hasBytesBack;
    private int _disposed;

    private StreamCall(OutgoingCall call, RpcConnection connection, PeerStream stream, CallWatch watch)
        : base(call.Method, call.Method.MessageLimit ?? connection.Options.MessageLimit, connection.Options.MaxFieldBytes)
    {
        _call = call;
        _connection = connection;
        _stream = stream;
        _watch = watch;
        _sender = new FrameSender(stream);
        _frames = Attach(new FrameReader(stream));
        connection.StreamCallBegun();
    }

    protected override PayloadLimits PayloadLimits => _connection.Options.PayloadLimits;

    /// <summary>Gives the call up when a token fires, as the call's own does.</summary>
    public void Watch(CancellationToken cancellationToken) => _watch.Add(cancellationToken);

    /// <summary>Lets go of the call: what has not ended is given up.</summary>
    public ValueTask DisposeAsync()
    {
        LetGo(callIsOver: true);
        return ValueTask.CompletedTask;
    }

    protected override Exception Translate(Exception exception)
    {
        _error = _uploadFailure ?? _watch.Reason(_call.Method) ?? Classify(exception);
        return _error;
    }

    protected override Exception BadItem(Exception exception) => _error = RpcErrors.BadResult(_call.Method, exception);

    protected override void HandleOther(FrameType type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case FrameType.Progress:
                HandleProgress(body);
                break;
            case FrameType.Response when !_hasHead:
                HandleResponse(body);
                break;
            case FrameType.Failure:
                HandleFailure(body);
                break;
        }
    }

    protected override void HandleEndFields(ReadOnlySpan<byte> fields) => ReadMetadata(fields);

    private void HandleResponse(ReadOnlySpan<byte> body)
    {
        if (!VarInt.TryRead(ref body, out _) || !WireFormat.TryReadFields(ref body, out ReadOnlySpan<byte> fields))
        {
            throw Translate(new InvalidDataException("the peer's response cannot be read"));
        }

        _hasHead = true;
        ReadMetadata(fields);
        _call.SetAnswer(RpcStatusCode.OK, default, body);
    }

    private void HandleFailure(ReadOnlySpan<byte> body)
    {
        if (!VarInt.TryRead(ref body, out _)
            || !VarInt.TryRead(ref body, out long status)
            || !WireFormat.TryReadFields(ref body, out ReadOnlySpan<byte> fields))
        {
            throw Translate(new InvalidDataException("the peer's failure cannot be read"));
        }

        ReadMetadata(fields);
        throw Translate(FailureReader.Read(_call.Method, WireFormat.ToStatus(status), fields));
    }

    private void HandleProgress(ReadOnlySpan<byte> body)
    {
        if (VarInt.TryRead(ref body, out long parameter) && _call.StreamsOrNull?.FindProgress(parameter) is { } receiver)
        {
            try
            {
                receiver.Report(body, PayloadLimits);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The peer's bytes and the user's object decide what is thrown; either way the call is of no more use.
                throw BadItem(exception);
            }
        }
    }

    private void ReadMetadata(ReadOnlySpan<byte> fields)
    {
        if (_call.Context is { } context && !fields.IsEmpty)
        {
            try
            {
                Metadata metadata = FieldReader.ReadMetadata(fields);
                if (metadata.Count > 0)
                {
                    context.ResponseMetadata = metadata;
                }
            }
            catch (InvalidDataException exception)
            {
                throw Translate(exception);
            }
        }
    }

    // What is said about the call here decides whether it may be made again.
    private RpcException Classify(Exception exception)
    {
        RpcException error = RpcErrors.FromStream(_call.Method, exception);
        _connection.NoteFailure(exception);
        if (RpcErrors.IsConnectionFailure(exception))
        {
            error.IsNotStarted = !_hasHead && (WasNeverServed(exception) || !_sender.WasHandedOver(_requestPosition));
            error.WasLost = !error.IsNotStarted;
        }

        return error;
    }

    private bool WasNeverServed(Exception exception) => RpcErrors.WasNeverServed(exception) || RpcErrors.WasNeverServed(_sender.Failure);

    private void LetGo(bool callIsOver)
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _givingUp.Dispose();
            Abandon();
            _connection.Track(CloseAsync(callIsOver));
        }
    }

    private void GiveUp()
    {
        _uploadsEnd.Cancel();
        _stream.AbortRead(ResetCode.Cancelled);
        _sender.Abort(ResetCode.Cancelled);
    }

    private async Task CloseAsync(bool callIsOver)
    {
        bool uploaded = _uploads.TrueForAll(upload => upload.IsCompleted);
        await _uploadsEnd.CancelAsync().ConfigureAwait(false);
        if (!uploaded)
        {
            _sender.Abort(ResetCode.Cancelled);
        }

        if (callIsOver)
        {
            foreach (Upload upload in _call.Streams.Uploads)
            {
                await upload.EndAsync(_error).ConfigureAwait(false);
            }

            if (_call.Streams.BytesBack is { } bytesBack)
            {
                await bytesBack.CompleteAsync(_error).ConfigureAwait(false);
            }

            _call.Ended(_error);
            _call.ReleaseBuffers();
        }

        await CloseChannelsAsync().ConfigureAwait(false);
        await _sender.Completion.ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        _frames.Dispose();
        _watch.Dispose();
        _connection.StreamCallEnded();
    }
}
