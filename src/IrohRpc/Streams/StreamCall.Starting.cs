using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

// How calls on streams begin, and what the generated methods' endings do with them.
internal sealed partial class StreamCall
{
    /// <summary>Makes a call whose result is a value.</summary>
    public static async ValueTask<T> InvokeAsync<T>(OutgoingCall call, ValueReader<T> reader)
    {
        StreamCall stream = await BeginAsync(call).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                return CallBuffer.ReadValue(call.ResultBytes, reader);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The peer's bytes decide what a formatter throws.
                throw stream.BadItem(exception);
            }
        }
    }

    /// <summary>Makes a call without a value in its result.</summary>
    public static async ValueTask InvokeAsync(OutgoingCall call)
    {
        StreamCall stream = await BeginAsync(call).ConfigureAwait(false);
        await stream.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Makes a call whose result is a contract; yields its number, and on which connection that means something.</summary>
    public static async ValueTask<CallTarget> InvokeContractAsync(OutgoingCall call)
    {
        StreamCall stream = await BeginAsync(call).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            return new CallTarget(stream._connection, ReadNumber(call));
        }
    }

    /// <summary>Makes a call whose result takes bytes.</summary>
    public static async ValueTask<PipeWriter> InvokePipeWriterAsync(OutgoingCall call)
    {
        StreamCall stream = await BeginAsync(call).ConfigureAwait(false);
        var pipe = new Pipe();
        stream.StartUpload(new PipeUpload(call.Method.Parameters.Count, pipe.Reader), call.Method);
        stream._connection.Track(stream.AwaitEndAsync(pipe.Reader));
        return pipe.Writer;
    }

    /// <summary>Makes a one-way call.</summary>
    public static void Post(OutgoingCall call) => _ = PostAsync(call);

    /// <summary>Makes a call and waits for its RESPONSE.</summary>
    public static async ValueTask<StreamCall> BeginAsync(OutgoingCall call, CancellationToken cancellationToken = default)
    {
        StreamCall stream = await StartAsync(call, cancellationToken).ConfigureAwait(false);
        try
        {
            await stream.ReadHeadAsync().ConfigureAwait(false);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static long ReadNumber(OutgoingCall call)
    {
        ReadOnlySpan<byte> result = call.ResultBytes;
        return VarInt.TryRead(ref result, out long number)
            ? number
            : throw RpcErrors.BadResult(call.Method, new InvalidDataException("there is no number of an object."));
    }

    private static async Task PostAsync(OutgoingCall call)
    {
        try
        {
            StreamCall stream = await StartAsync(call, CancellationToken.None).ConfigureAwait(false);
            await Task.WhenAll(stream._uploads).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception) || exception is OperationCanceledException)
        {
            call.Invoker.PostFailed(call, exception);
        }
    }

    private static async ValueTask<StreamCall> StartAsync(OutgoingCall call, CancellationToken cancellationToken)
    {
        var watch = new CallWatch(call, cancellationToken);
        try
        {
            while (true)
            {
                CallTarget target = await call.Invoker.ConnectAsync(call, watch.Token).ConfigureAwait(false);
                target.Connection.Prepare(call, target.Number);
                try
                {
                    PeerStream stream = await target.Connection.Connection.OpenBidirectionalStreamAsync(watch.Token).ConfigureAwait(false);
                    var started = new StreamCall(call, target.Connection, stream, watch);
                    started.SendRequest(target.Number);
                    return started;
                }
                catch (PeerException exception)
                {
                    RpcException error = RpcErrors.NotStarted(call.Method, exception);
                    if (!call.Invoker.ShouldRetry(call, error))
                    {
                        throw error;
                    }

                    call.Retries++;
                }
            }
        }
        catch (Exception exception)
        {
            Exception error = watch.Reason(call.Method) ?? exception;
            watch.Dispose();
            call.Invoker.Forget(call);
            await EndUnsentAsync(call, error).ConfigureAwait(false);
            if (error == exception)
            {
                throw;
            }

            throw error;
        }
    }

    private static async ValueTask EndUnsentAsync(OutgoingCall call, Exception error)
    {
        foreach (Upload upload in call.Streams.Uploads)
        {
            await upload.EndAsync(error).ConfigureAwait(false);
        }

        if (call.Streams.BytesBack is { } bytesBack)
        {
            await bytesBack.CompleteAsync(error).ConfigureAwait(false);
        }

        call.Ended(error);
    }

    private void SendRequest(long target)
    {
        _givingUp = _watch.Token.UnsafeRegister(static state => ((StreamCall)state!).GiveUp(), this);
        _sender.AppendPreface([WireFormat.Version, (byte)StreamKind.Call]);
        ReadOnlySpan<byte> fields = _call.WriteFields();
        Span<byte> head = stackalloc byte[WireFormat.LargestHead];
        int length = WireFormat.WriteRequestHead(head, 0, target, _call.Method, fields.Length);
        _sender.Append(_call.IsOneWay ? FrameType.Notification : FrameType.Request, head[..length], fields, _call.Arguments.Span);
        foreach (Upload upload in _call.Streams.Uploads)
        {
            StartUpload(upload, _call.Method);
        }

        if (StreamParameters.OnCallStream(_call.Method) < 0)
        {
            _sender.Complete();
        }
        else
        {
            _sender.Flush();
        }
    }

    private void StartUpload(Upload upload, MethodDescriptor method)
        => _uploads.Add(Task.Run(() => RunUploadAsync(upload, upload.Parameter == StreamParameters.OnCallStream(method))));

    private async Task RunUploadAsync(Upload upload, bool onCallStream)
    {
        FrameSender? sender = null;
        try
        {
            PeerStream stream = onCallStream ? _stream : await OpenChannelAsync().ConfigureAwait(false);
            sender = onCallStream ? _sender : OpenSender(stream, upload.Parameter);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(_uploadsEnd.Token);
            Task stopped = StopWithReceiverAsync(stream, stop);
            if (await upload.SendAsync(sender, stop.Token).ConfigureAwait(false))
            {
                StreamSending.End(sender);
            }

            if (!onCallStream)
            {
                await sender.Completion.ConfigureAwait(false);
                await stopped.ConfigureAwait(false);
                await stream.DisposeAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The service wants no more, or the call is over.
            sender?.Abort(ResetCode.Cancelled);
        }
        catch (PeerException)
        {
            // The connection is gone, which the reading side reports.
        }
        catch (Exception exception)
        {
            // The user's source failed: the service hears that the stream is not complete, the caller gets the exception.
            _uploadFailure = exception;
            if (sender is not null)
            {
                var fields = new CallBuffer();
                FieldWriter.WriteMessage(fields, "What the caller streams has failed on its side.");
                StreamSending.End(sender, RpcStatusCode.Aborted, fields.WrittenSpan);
            }
        }
    }

    private ValueTask<PeerStream> OpenChannelAsync() => _connection.Connection.OpenUnidirectionalStreamAsync(_uploadsEnd.Token);

    private FrameSender OpenSender(PeerStream stream, int parameter)
    {
        var sender = new FrameSender(stream);
        Span<byte> preface = stackalloc byte[2 + (2 * VarInt.MaxLength)];
        preface[0] = WireFormat.Version;
        preface[1] = (byte)StreamKind.Channel;
        int length = 2 + VarInt.Write(preface[2..], _stream.Id);
        length += VarInt.Write(preface[length..], parameter);
        sender.AppendPreface(preface[..length]);
        sender.Flush();
        return sender;
    }

    private static async Task StopWithReceiverAsync(PeerStream stream, CancellationTokenSource stop)
    {
        try
        {
            await stream.WritesClosed.ConfigureAwait(false);
        }
        catch (PeerException)
        {
            try
            {
                await stop.CancelAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // The upload has ended already.
            }
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
                await CopyBytesBackAsync().ConfigureAwait(false);
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

    private async ValueTask CopyBytesBackAsync()
    {
        PipeWriter? destination = _call.Streams.BytesBack;
        while (destination is not null)
        {
            int read = await ReadBytesOfFrameAsync(destination.GetMemory(4096)).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            destination.Advance(read);
            FlushResult flushed = await destination.FlushAsync().ConfigureAwait(false);
            if (flushed.IsCompleted)
            {
                // The caller's side has stopped reading; the frames that still come are skipped.
                _call.Streams.BytesBack = null;
                return;
            }
        }
    }

    private async Task AwaitEndAsync(PipeReader source)
    {
        Exception? error = null;
        try
        {
            while (!HasEnded)
            {
                if (!TryTake(out _, out _))
                {
                    await FillAsync().ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (RpcErrors.IsStreamFailure(exception) || exception is OperationCanceledException)
        {
            error = exception;
        }

        await DisposeAsync().ConfigureAwait(false);
        await source.CompleteAsync(error).ConfigureAwait(false);
    }
}
