using System.IO.Pipelines;

namespace IrohRpc.StreamCalls;

/// <summary>Carries what a handler writes to a <see cref="PipeWriter"/> parameter to the caller.</summary>
internal sealed class BytesBackPipe
{
    private readonly Pipe _pipe = new();
    private readonly CancellationTokenSource _stop;
    private readonly Task _sending;

    public BytesBackPipe(FrameSender sender, RpcConnection connection)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(connection.Ending);
        _sending = SendAsync(sender);
        connection.Track(_sending);
    }

    public PipeWriter Writer => _pipe.Writer;

    /// <summary>The handler is done: completes once all it wrote was taken.</summary>
    public async ValueTask CompleteAsync()
    {
        await _pipe.Writer.CompleteAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
    }

    /// <summary>The handler failed: what it wrote last is dropped.</summary>
    public async ValueTask AbandonAsync()
    {
        _pipe.Reader.CancelPendingRead();
        await _pipe.Writer.CompleteAsync(new OperationCanceledException()).ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
    }

    /// <summary>The caller wants no more: a handler that writes sees so.</summary>
    public void Stop() => _ = _stop.FireAsync();

    private async Task SendAsync(FrameSender sender)
    {
        try
        {
            await StreamSending.SendBytesAsync(sender, _pipe.Reader, _stop.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Abandoned, or completed by the handler with an exception: that it failed is for the call's own end to say.
        }

        // A handler that still writes sees that nobody reads.
        await _pipe.Reader.CompleteAsync().ConfigureAwait(false);
        _stop.Dispose();
    }
}
