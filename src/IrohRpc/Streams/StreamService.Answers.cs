using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

// The answers that stream.
internal sealed partial class StreamService
{
    /// <summary>How many bytes a pipe is asked to have room for.</summary>
    internal const int CopiedAtOnce = 16 * 1024;

    public async Task SendItemsAsync<T>(ValueTask<IAsyncEnumerable<T>> task, ValueWriter<T> writer)
    {
        IAsyncEnumerable<T> items;
        try
        {
            items = await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Call.HandlerFailed(exception);
            return;
        }

        await AnswerAsync(() => StreamSending.SendItemsAsync(_sender, items, writer, Call.CancellationToken)).ConfigureAwait(false);
    }

    public async Task SendBytesAsync(ValueTask<Stream> task)
    {
        Stream source;
        try
        {
            source = await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Call.HandlerFailed(exception);
            return;
        }

        Call.OnEnded(source.DisposeAsync);
        await AnswerAsync(() => StreamSending.SendBytesAsync(_sender, source, Call.CancellationToken)).ConfigureAwait(false);
    }

    public async Task SendBytesAsync(ValueTask<PipeReader> task)
    {
        PipeReader source;
        try
        {
            source = await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Call.HandlerFailed(exception);
            return;
        }

        Call.OnEnded(() => source.CompleteAsync());
        await AnswerAsync(() => StreamSending.SendBytesAsync(_sender, source, Call.CancellationToken)).ConfigureAwait(false);
    }

    public async Task ReceiveResultBytesAsync(ValueTask<PipeWriter> task)
    {
        PipeWriter destination;
        try
        {
            destination = await task.ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Call.HandlerFailed(exception);
            return;
        }

        await AnswerAsync(() => CopyAsync(Direction(Call.Method.Parameters.Count), destination)).ConfigureAwait(false);
    }

    private static async ValueTask<bool> CopyAsync(ServiceDirection source, PipeWriter destination)
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

    // RESPONSE, what streams, END: whatever goes wrong on the way is said in the END.
    private async Task AnswerAsync(Func<ValueTask<bool>> stream)
    {
        RpcStatusCode status = RpcStatusCode.OK;
        var fields = new CallBuffer();
        try
        {
            Call.WriteResponseMetadata(fields);
            AppendAnswer(RpcStatusCode.OK, fields.WrittenSpan, default);
            _sender.Flush();
            await stream().ConfigureAwait(false);
            fields.Clear();
        }
        catch (Exception exception)
        {
            // The handler's enumerable or stream, which may throw anything.
            status = Call.DescribeFailure(exception, fields);
        }

        SendHeldProgress();
        Call.WriteResponseMetadata(fields);
        StreamSending.AppendEnd(_sender, status, fields.WrittenSpan);
        Finish(status);
    }

    private async Task AnswerAfterAsync(BytesBackPipe pipe, RpcStatusCode status, byte[] fields, byte[] result)
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

        Answer(Call, status, fields, result);
    }
}
