using System.IO.Pipelines;

namespace IrohRpc.Streams;

/// <summary>Takes bytes for the service, as the result of a call. A writer that is dropped without being completed gives the call up.</summary>
/// <param name="call">The call.</param>
/// <param name="pipe">What carries the bytes to the upload.</param>
/// <param name="end">Completes with the service's END.</param>
internal sealed class ResultWriter(ResponseStream call, Pipe pipe, Task end) : PipeWriter, IReceivedStream
{
    // Whoever writes may learn of a failure by a flush, and never ask again.
    private readonly Task _end = Observe(end);

    private int _completed;

    ~ResultWriter()
    {
        if (_completed == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static dropped => _ = dropped.DisposeAsync().AsTask(), call, preferLocal: false);
        }
    }

    public override bool CanGetUnflushedBytes => pipe.Writer.CanGetUnflushedBytes;

    public override long UnflushedBytes => pipe.Writer.UnflushedBytes;

    public override void Advance(int bytes) => pipe.Writer.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => pipe.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => pipe.Writer.GetSpan(sizeHint);

    public override void CancelPendingFlush() => pipe.Writer.CancelPendingFlush();

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        FlushResult result = await pipe.Writer.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (result.IsCompleted && _end.IsFaulted)
        {
            await _end.ConfigureAwait(false);
        }

        return result;
    }

    public override void Complete(Exception? exception = null)
    {
        if (TryComplete())
        {
            pipe.Writer.Complete(exception);
        }
    }

    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        if (!TryComplete())
        {
            return;
        }

        await pipe.Writer.CompleteAsync(exception).ConfigureAwait(false);
        if (exception is null)
        {
            // The service says END when it has taken them all, or why it has not.
            await _end.ConfigureAwait(false);
        }
        else
        {
            await _end.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Gives the call up: nobody will write.</summary>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (!TryComplete())
        {
            return ValueTask.CompletedTask;
        }

        // What awaits the end still reads.
        call.LeaveMemory();
        return call.DisposeAsync();
    }

    private static Task Observe(Task end)
    {
        _ = end.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return end;
    }

    private bool TryComplete() => Interlocked.Exchange(ref _completed, 1) == 0;
}
