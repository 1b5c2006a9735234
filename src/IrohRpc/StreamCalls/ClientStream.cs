using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.StreamCalls;

/// <summary>The caller's end of a call that takes a stream of its own. It reads what comes back; uploads run beside it.</summary>
internal sealed class ClientStream : ResponseStream, ICallPath
{
    private readonly OutgoingCall _call;
    private readonly PeerStream _stream;
    private readonly FrameSender _sender;
    private readonly FrameReader _frames;
    private readonly Uploads _uploads;
    private Exception? _error;
    private long _requestPosition;
    private long _turn = -1;
    private bool _hasHead;
    private bool _wasAnswered;
    private bool _isHandedOver;
    private bool _isBytesBackStopped;
    private int _disposed;

    public ClientStream(OutgoingCall call, RpcConnection connection, PeerStream stream)
        : base(call.Method, call.Method.MessageLimit ?? connection.Options.MessageLimit, connection.Options.MaxFieldBytes)
    {
        _call = call;
        Connection = connection;
        _stream = stream;
        _sender = new FrameSender(stream, broken: Abort);
        _frames = Attach(new FrameReader(stream));
        _uploads = new Uploads(connection, stream, _sender);
    }

    public RpcConnection Connection { get; }

    /// <summary>The call, for what reads its response.</summary>
    public OutgoingCall Call => _call;

    /// <summary>The caller gets the streamed response, and disposes of this when it is done with it.</summary>
    public override void HandOver() => _isHandedOver = true;

    /// <summary>Nobody waits for the call: resets both directions.</summary>
    public void Withdraw(OutgoingCall call)
    {
        _uploads.Stop();
        Abort();
    }

    /// <summary>A writer of bytes towards the service, for a result that takes them.</summary>
    public override PipeWriter SendResultBytes()
    {
        var pipe = new Pipe();
        var upload = new PipeUpload(Method.Parameters.Count, pipe.Reader);
        _uploads.Start(upload, isOnCallStream: true);
        return new ResultWriter(this, pipe, AwaitEndAsync(upload));
    }

    /// <summary>Releases the stream: what has not ended is given up.</summary>
    public override ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            Abandon();
            Connection.Track(CloseStreamedAsync());
        }

        return ValueTask.CompletedTask;
    }

    protected override Exception Translate(Exception exception)
    {
        _error = _uploads.Failure ?? _call.Reason ?? Classify(exception);
        return _error;
    }

    protected override Exception BadItem(Exception exception) => _error = RpcErrors.BadResult(Method, exception);

    protected override void HandleOther(FrameType type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case FrameType.Progress:
                HandleProgress(body);
                break;
            case FrameType.Failure:
            case FrameType.Response when !_hasHead:
                HandleResponse(type, body);
                break;
        }
    }

    protected override PayloadLimits PayloadLimits => Connection.Options.PayloadLimits;

    protected override bool HasForeignBytes => Method.Result != ResultKind.Bytes && _call.StreamsOrNull?.BytesBack is not null;

    protected override void HandleEndFields(ReadOnlySpan<byte> fields) => ReadMetadata(fields);

    /// <summary>Makes the call, up to the head of its response. Never throws.</summary>
    /// <param name="turn">The call's turn, which a lane announces; -1 for none.</param>
    /// <returns>Whether the call goes on after the head of its response.</returns>
    public async Task<bool> RunAsync(long turn)
    {
        _turn = turn;
        try
        {
            SendRequest(turn);
            if (_call.IsOneWay)
            {
                await _uploads.WhenSentAsync().ConfigureAwait(false);
                _call.Posted();
                await ReadToEndAsync().ConfigureAwait(false);
            }
            else
            {
                await ReadHeadAsync().ConfigureAwait(false);
                _call.Complete();
                if (_isHandedOver)
                {
                    return true;
                }
            }
        }
        catch (Exception exception)
        {
            _error ??= exception;
            _call.Failed(_call.Reason ?? _error);
        }

        Volatile.Write(ref _disposed, 1);
        Abandon();
        await CloseAsync().ConfigureAwait(false);
        return false;
    }

    private void SendRequest(long turn)
    {
        _sender.AppendPreface([WireFormat.Version, (byte)StreamKind.Call]);
        ReadOnlySpan<byte> fields = _call.WriteFields(Connection, turn);
        _requestPosition = _sender.AppendRequest(_call, 0, fields);
        int onCallStream = StreamParameters.OnCallStream(Method);
        foreach (Upload upload in _call.Streams.Uploads)
        {
            _uploads.Start(upload, upload.Parameter == onCallStream);
        }

        if (onCallStream < 0 && _call.Streams.BytesBack is null)
        {
            _sender.Complete();
        }
        else
        {
            _sender.Flush();
        }
    }

    private async ValueTask ReadHeadAsync()
    {
        while (!_hasHead)
        {
            if (!TryTake(out FrameType type, out _))
            {
                await FillAsync().ConfigureAwait(false);
            }
            else if (type == FrameType.Bytes)
            {
                await CopyForeignBytesAsync().ConfigureAwait(false);
            }
            else if (type == FrameType.End)
            {
                Reopen();
                if (_call.Streams.BytesBack is { } bytesBack)
                {
                    await bytesBack.CompleteAsync().ConfigureAwait(false);
                }
            }
        }
    }

    protected override async ValueTask CopyForeignBytesAsync()
    {
        if (_isBytesBackStopped || !_call.Streams.TryBeginCopying())
        {
            return;
        }

        try
        {
            await CopyAsync(_call.Streams.BytesBack!).ConfigureAwait(false);
        }
        finally
        {
            await _call.Streams.EndCopyingAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask CopyAsync(PipeWriter destination)
    {
        while (!_isBytesBackStopped)
        {
            int read = await ReadBytesOfFrameAsync(destination.GetMemory(StreamResponder.CopiedAtOnce)).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            _call.Streams.HasBytesBack = true;
            destination.Advance(read);
            FlushResult flushed = await destination.FlushAsync().ConfigureAwait(false);
            if (flushed.IsCompleted)
            {
                // The caller's side has stopped reading: the service is told, and frames that still come are skipped.
                _isBytesBackStopped = true;
                _sender.Append(FrameType.Stop, default);
                _sender.Flush();
            }
        }
    }

    private async ValueTask ReadToEndAsync()
    {
        // The service ends its direction when it has taken the call in; nothing else comes. One that resets it has not.
        try
        {
            while (await _frames.FillAsync().ConfigureAwait(false))
            {
                while (TryTake(out _, out _))
                {
                }
            }

            _wasAnswered = true;
        }
        catch (Exception exception)
        {
            _call.Invoker.PostFailed(Method, exception);
        }
    }

    private async Task AwaitEndAsync(Upload upload)
    {
        Exception? error = null;
        try
        {
            while (!HasEnded)
            {
                if (!TryTake(out FrameType type, out _))
                {
                    await FillAsync().ConfigureAwait(false);
                }
                else if (type == FrameType.Bytes)
                {
                    await CopyForeignBytesAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception)
        {
            error = exception;
        }

        await DisposeAsync().ConfigureAwait(false);
        await upload.EndAsync(error).ConfigureAwait(false);
        if (error is not null)
        {
            throw error;
        }
    }

    private void HandleResponse(FrameType type, ReadOnlySpan<byte> body)
    {
        if (!VarInt.TryRead(ref body, out _) || !ResponseFrame.TryParse(type, body, out ResponseFrame frame))
        {
            throw Translate(new InvalidDataException("the peer's response cannot be read"));
        }

        _wasAnswered = true;
        ReadMetadata(frame.Fields);
        if (frame.Status != RpcStatusCode.OK)
        {
            throw Translate(FailureReader.Read(Method, frame.Status, frame.Fields, PayloadLimits));
        }

        _hasHead = true;
        _call.SetAnswer(RpcStatusCode.OK, frame.Fields, frame.Result);
    }

    private void HandleProgress(ReadOnlySpan<byte> body)
    {
        if (!VarInt.TryRead(ref body, out long parameter) || _call.StreamsOrNull?.FindProgress(parameter) is not { } receiver)
        {
            return;
        }

        try
        {
            receiver.Report(body, PayloadLimits);
        }
        catch (ProgressException exception)
        {
            // The caller's own object: its exception is the call's.
            _error = exception.Thrown;
            throw _error;
        }
        catch (Exception exception)
        {
            throw BadItem(exception);
        }
    }

    private void ReadMetadata(ReadOnlySpan<byte> fields)
    {
        if (_call.Context is not { } context || fields.IsEmpty)
        {
            return;
        }

        try
        {
            Metadata metadata = CallFields.ReadMetadata(fields);
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

    // What is said about the call here decides whether it may be made again.
    private RpcException Classify(Exception exception)
    {
        RpcException error = RpcErrors.FromStream(Method, exception);
        Connection.NoteFailure(exception);
        if (RpcErrors.IsConnectionFailure(exception))
        {
            bool notStarted = !_hasHead && (RpcErrors.WasNeverServed(exception) || RpcErrors.WasNeverServed(_sender.Failure) || !_sender.WasHandedOver(_requestPosition));
            error = notStarted ? RpcErrors.NotStarted(Method, exception) : RpcErrors.Lost(Method, exception);
        }

        return error;
    }

    private void Abort()
    {
        try
        {
            _stream.AbortRead(ResetCode.Cancelled);
        }
        catch (Exception exception)
        {
            Connection.LogStreamFailed(_stream.Id, exception);
        }

        _sender.Abort(ResetCode.Cancelled);
    }

    private async Task CloseStreamedAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        Connection.StreamCallEnded(isOneWay: false);
        _call.Invoker.StreamCallEnded();
    }

    /// <summary>Releases the stream.</summary>
    public async Task CloseAsync()
    {
        if (!_wasAnswered)
        {
            // A reset overtakes a request that was not read: a peer that runs calls in order must not wait for it.
            Connection.SkipTurn(_turn);
        }

        if (!_uploads.AreSent)
        {
            _sender.Abort(ResetCode.Cancelled);
        }
        else
        {
            _sender.Complete();
        }

        _uploads.Stop();

        // Another stream carries the call where it was made again.
        if (_call.StreamsOrNull?.Opened == this)
        {
            await _call.Streams.EndAsync(_error ?? _call.Reason).ConfigureAwait(false);
            _call.Closed(_error ?? _call.Reason);
        }

        await _uploads.CloseChannelsAsync().ConfigureAwait(false);
        await _sender.Completion.ConfigureAwait(false);
        await Connection.DisposeStreamAsync(_stream).ConfigureAwait(false);
        _frames.Dispose();
    }
}
