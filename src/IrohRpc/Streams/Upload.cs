using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.Streams;

/// <summary>What a caller streams for one parameter.</summary>
internal abstract class Upload(int parameter)
{
    /// <summary>The parameter's index on the wire.</summary>
    public int Parameter => parameter;

    private Task _sending = Task.CompletedTask;
    private bool _isStarted;

    /// <summary>Whether it can be sent from the beginning: its source was not touched yet, or goes back.</summary>
    public bool CanBegin => !_isStarted || CanRewind;

    /// <summary>Sends all of it; false where the service has stopped taking it. Sent again, it begins again.</summary>
    /// <exception cref="SourceException">The user's source threw.</exception>
    public Task<bool> SendAsync(FrameSender sender, CancellationToken cancellationToken)
    {
        bool isFirst = !_isStarted;
        _isStarted = true;
        Task<bool> sending = isFirst ? SendSourceAsync(sender, cancellationToken).AsTask() : SendAgainAsync(_sending, sender, cancellationToken);
        _sending = sending;
        return sending;
    }

    /// <summary>Whether the source goes back to where it began.</summary>
    protected virtual bool CanRewind => false;

    /// <summary>Takes the source back to where it began.</summary>
    protected virtual void Rewind()
    {
    }

    // The attempt before may still be reading the source.
    private async Task<bool> SendAgainAsync(Task before, FrameSender sender, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        try
        {
            Rewind();
        }
        catch (Exception exception)
        {
            throw new SourceException(exception);
        }

        return await SendSourceAsync(sender, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The call is over, whether or not anything was sent.</summary>
    public virtual ValueTask EndAsync(Exception? error) => ValueTask.CompletedTask;

    protected abstract ValueTask<bool> SendSourceAsync(FrameSender sender, CancellationToken cancellationToken);
}

/// <summary>A stream of items.</summary>
internal sealed class ItemsUpload<T>(int parameter, IAsyncEnumerable<T> items, ValueWriter<T> writer, WriteBounds bounds) : Upload(parameter)
{
    protected override ValueTask<bool> SendSourceAsync(FrameSender sender, CancellationToken cancellationToken)
        => StreamSending.SendItemsAsync(sender, items, writer, bounds, cancellationToken);
}

/// <summary>The bytes of a stream, which stays its owner's. One that can seek is sent from the same place again where its call is made again.</summary>
internal sealed class StreamUpload(int parameter, Stream source) : Upload(parameter)
{
    private readonly long? _start = FindPosition(source);

    protected override bool CanRewind => _start is not null;

    protected override void Rewind() => source.Position = _start!.Value;

    private static long? FindPosition(Stream source)
    {
        try
        {
            return source.CanSeek ? source.Position : null;
        }
        catch (Exception)
        {
            // A stream of the user's may throw anything; it is then read once.
            return null;
        }
    }

    protected override ValueTask<bool> SendSourceAsync(FrameSender sender, CancellationToken cancellationToken)
        => StreamSending.SendBytesAsync(sender, source, cancellationToken);
}

/// <summary>The bytes of a pipe, which is completed at the end.</summary>
internal sealed class PipeUpload(int parameter, PipeReader source) : Upload(parameter)
{
    public override ValueTask EndAsync(Exception? error) => source.CompleteAsync(error);

    protected override ValueTask<bool> SendSourceAsync(FrameSender sender, CancellationToken cancellationToken)
        => StreamSending.SendBytesAsync(sender, source, cancellationToken);
}
