using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.StreamCalls;

// The results that stream.
internal sealed partial class StreamResponder
{
    /// <summary>How many bytes a pipe is asked to have room for.</summary>
    internal const int CopiedAtOnce = 16 * 1024;

    public override void RespondItems<T>(ValueTask<IAsyncEnumerable<T>> items, ValueWriter<T> writer)
        => Run(items, source => StreamSending.SendItemsAsync(_sender, source, writer, _connection.Options.BoundsFor(Call.Method), Call.CancellationToken));

    public override void RespondBytes(ValueTask<Stream> source) => Run(
        source,
        stream =>
        {
            Call.OnEnded(stream.DisposeAsync);
            return StreamSending.SendBytesAsync(_sender, stream, Call.CancellationToken);
        });

    public override void RespondBytes(ValueTask<PipeReader> source) => Run(
        source,
        pipe =>
        {
            Call.OnEnded(() => pipe.CompleteAsync());
            return StreamSending.SendBytesAsync(_sender, pipe, Call.CancellationToken);
        });

    public override void RespondBytesBack(ValueTask<PipeWriter> destination)
        => Run(destination, pipe => CopyAsync(Direction(Call.Method.Parameters.Count), pipe));

    private void Run<T>(ValueTask<T> task, Func<T, ValueTask<bool>> stream)
        where T : class
        => _connection.Track(RunAsync(task, stream));

    // RESPONSE, what streams, END: whatever goes wrong before RESPONSE is a failure, whatever goes wrong after it is said in the END. Never throws.
    private async Task RunAsync<T>(ValueTask<T> task, Func<T, ValueTask<bool>> stream)
        where T : class
    {
        T source;
        try
        {
            source = await task.ConfigureAwait(false)
                ?? throw new InvalidOperationException($"{Call.Method} returned null, which its type does not allow.");
        }
        catch (Exception exception)
        {
            Call.HandlerFailed(exception);
            return;
        }

        RpcStatusCode status = RpcStatusCode.OK;
        var fields = new CallBuffer();
        try
        {
            if (Call.Method.Result == ResultKind.Bytes && Interlocked.Exchange(ref _bytesBack, null) is { } before)
            {
                // The bytes of the parameter come before those of the result, which could not be told apart from them.
                await before.CompleteAsync().ConfigureAwait(false);
                StreamSending.AppendEnd(_sender, RpcStatusCode.OK, default);
            }

            Call.WriteResponseMetadata(fields);
            _sender.AppendResponse(Call.Number, RpcStatusCode.OK, fields.WrittenSpan, default);
            _sender.Flush();
            if (!await stream(source).ConfigureAwait(false) && Call.IsGivenUp)
            {
                status = RpcStatusCode.Cancelled;
            }

            if (Interlocked.Exchange(ref _bytesBack, null) is { } pipe)
            {
                await pipe.CompleteAsync().ConfigureAwait(false);
            }

            fields.Clear();
        }
        catch (Exception exception)
        {
            // The handler's enumerable or stream, which may throw anything.
            status = Call.DescribeFailure(SourceException.Unwrap(exception), fields);
            if (Interlocked.Exchange(ref _bytesBack, null) is { } pipe)
            {
                await pipe.AbandonAsync().ConfigureAwait(false);
            }
        }

        End(status, fields);
    }

    private void End(RpcStatusCode status, CallBuffer fields)
    {
        try
        {
            SendHeldProgress();
            int length = fields.Length;
            try
            {
                Call.WriteResponseMetadata(fields);
            }
            catch (Exception failure)
            {
                // Another thread of the handler's may change the metadata meanwhile. A failure keeps its status and goes without metadata, as that of a single value does.
                fields.Truncate(length);
                status = status == RpcStatusCode.OK ? Call.DescribeFailure(failure, fields) : status;
            }

            StreamSending.AppendEnd(_sender, status, fields.WrittenSpan);
            Finish(status);
        }
        catch (Exception exception)
        {
            Break(exception);
        }
        finally
        {
            fields.Release();
        }
    }

    private static async ValueTask<bool> CopyAsync(ParameterReader source, PipeWriter destination)
    {
        try
        {
            int read;
            while ((read = await source.ReadBytesAsync(destination.GetMemory(CopiedAtOnce)).ConfigureAwait(false)) > 0)
            {
                destination.Advance(read);
                FlushResult flushed = await destination.FlushAsync().ConfigureAwait(false);
                if (flushed.IsCompleted)
                {
                    source.Abandon();
                    break;
                }
            }

            await destination.CompleteAsync().ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            await destination.CompleteAsync(exception).ConfigureAwait(false);
            throw;
        }
    }

    private async Task RespondAfterAsync(BytesBackPipe pipe, RpcStatusCode status, byte[] fields, byte[] result)
    {
        try
        {
            if (status == RpcStatusCode.OK)
            {
                await pipe.CompleteAsync().ConfigureAwait(false);
                StreamSending.AppendEnd(_sender, RpcStatusCode.OK, default);
            }
            else
            {
                await pipe.AbandonAsync().ConfigureAwait(false);
            }

            Respond(Call, status, fields, result);
        }
        catch (Exception exception)
        {
            Break(exception);
        }
    }
}
