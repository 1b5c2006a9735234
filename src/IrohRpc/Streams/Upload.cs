using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.Streams;

/// <summary>What a caller streams for one parameter.</summary>
internal abstract class Upload(int parameter)
{
    /// <summary>The parameter's index on the wire.</summary>
    public int Parameter => parameter;

    /// <summary>Whether its source has been touched: it can be read once.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>Sends all of it; false where the service has stopped taking it.</summary>
    /// <exception cref="SourceException">The user's source threw.</exception>
    public ValueTask<bool> SendAsync(FrameSender sender, CancellationToken cancellationToken)
    {
        IsStarted = true;
        return SendSourceAsync(sender, cancellationToken);
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

/// <summary>The bytes of a stream, which stays its owner's.</summary>
internal sealed class StreamUpload(int parameter, Stream source) : Upload(parameter)
{
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
