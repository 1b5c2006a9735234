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
                return reader.Read(call.ResultBytes, stream.PayloadLimits);
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

    /// <summary>Makes a call and waits for its RESPONSE. What certainly did not run is made again, as on a lane.</summary>
    public static async ValueTask<StreamCall> BeginAsync(OutgoingCall call, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            StreamCall stream = await StartAsync(call, cancellationToken).ConfigureAwait(false);
            try
            {
                await stream.ReadHeadAsync().ConfigureAwait(false);
                return stream;
            }
            catch (Exception exception)
            {
                if (exception is not RpcException failure || !stream.MayBeginAgain(failure))
                {
                    await stream.DisposeAsync().ConfigureAwait(false);
                    throw;
                }

                stream.LeaveForAnother();
            }
        }
    }

    /// <summary>
    /// Whether the call may be made again after a failure, where the caller has seen nothing of its answer. A source of the user's can be read once,
    /// and part of it may be gone; so may bytes that the caller got.
    /// </summary>
    public bool MayBeginAgain(RpcException failure)
    {
        if (failure.IsNotStarted)
        {
            _connection.Forget(_call.Objects);
            if (failure.StatusCode == RpcStatusCode.Unavailable)
            {
                _connection.PeerRefuses();
            }
        }

        return _call.StreamsOrNull is not { Uploads.Count: > 0 } && !_hasBytesBack && _call.Invoker.ShouldRetry(_call, failure);
    }

    /// <summary>Lets go of the stream, and not of the call, which is made again.</summary>
    public void LeaveForAnother()
    {
        LetGo(callIsOver: false);
        _call.Retries++;
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
        catch (Exception exception)
        {
            // Whatever it is, the user's metadata for one: nobody waits for a one-way call.
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
                    PeerStream stream = await target.Connection.OpenCallStreamAsync(watch.Token).ConfigureAwait(false);
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
        call.ReleaseBuffers();
    }

    private void SendRequest(long target)
    {
        _givingUp = _watch.Token.UnsafeRegister(static state => ((StreamCall)state!).GiveUp(), this);
        _sender.AppendPreface([WireFormat.Version, (byte)StreamKind.Call]);
        ReadOnlySpan<byte> fields = _call.WriteFields();
        Span<byte> head = stackalloc byte[WireFormat.LargestHead];
        int length = WireFormat.WriteRequestHead(head, 0, target, _call.Method, fields.Length);
        _requestPosition = _sender.Append(_call.IsOneWay ? FrameType.Notification : FrameType.Request, head[..length], fields, _call.Arguments.Span);
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
            int read = await ReadBytesOfFrameAsync(destination.GetMemory(StreamService.CopiedAtOnce)).ConfigureAwait(false);
            if (read == 0)
            {
                return;
            }

            _hasBytesBack = true;
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
