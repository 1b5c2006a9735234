using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>What a caller streams for one parameter.</summary>
internal abstract class Upload(int parameter)
{
    /// <summary>The parameter's index on the wire.</summary>
    public int Parameter => parameter;

    /// <summary>Sends all of it; false where the service has stopped taking it. What the user's source throws comes through.</summary>
    public abstract ValueTask<bool> SendAsync(FrameSender sender, CancellationToken cancellationToken);

    /// <summary>The call is over, whether or not anything was sent.</summary>
    public virtual ValueTask EndAsync(Exception? error) => ValueTask.CompletedTask;
}

/// <summary>A stream of items.</summary>
internal sealed class ItemsUpload<T>(int parameter, IAsyncEnumerable<T> items, ValueWriter<T> writer) : Upload(parameter)
{
    public override ValueTask<bool> SendAsync(FrameSender sender, CancellationToken cancellationToken)
        => StreamSending.SendItemsAsync(sender, items, writer, cancellationToken);
}

/// <summary>The bytes of a stream, which stays its owner's.</summary>
internal sealed class StreamUpload(int parameter, Stream source) : Upload(parameter)
{
    public override ValueTask<bool> SendAsync(FrameSender sender, CancellationToken cancellationToken)
        => StreamSending.SendBytesAsync(sender, source, cancellationToken);
}

/// <summary>The bytes of a pipe, which is completed at the end.</summary>
internal sealed class PipeUpload(int parameter, PipeReader source) : Upload(parameter)
{
    public override ValueTask<bool> SendAsync(FrameSender sender, CancellationToken cancellationToken)
        => StreamSending.SendBytesAsync(sender, source, cancellationToken);

    public override ValueTask EndAsync(Exception? error) => source.CompleteAsync(error);
}
