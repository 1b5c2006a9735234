using System.IO.Pipelines;
using IrohRpc.CompilerServices;

namespace IrohRpc.Streams;

/// <summary>What a caller streams for one parameter.</summary>
/// <remarks>
/// A call ends at any moment, also while its source is being read. The source is released when the call is over and nobody reads it any more, by whichever comes last: a pipe that is
/// completed gives its memory back, into which a read that is still under way would write.
/// </remarks>
internal abstract class Upload(int parameter)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _attempt;
    private Exception? _error;
    private int _attempts;
    private bool _isOver;

    /// <summary>The parameter's index on the wire.</summary>
    public int Parameter => parameter;

    /// <summary>Whether it can be sent from the beginning: its source was not touched yet, or goes back.</summary>
    public bool CanBegin => Volatile.Read(ref _attempt) is null || CanRewind;

    /// <summary>Sends all of it; false where the service has stopped taking it, or the call is over. Sent again, it begins again.</summary>
    /// <exception cref="SourceException">The user's source threw.</exception>
    public async Task<bool> SendAsync(FrameSender sender, CancellationToken cancellationToken)
    {
        var attempt = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? before;
        lock (_gate)
        {
            if (_isOver)
            {
                return false;
            }

            before = _attempt?.Task;
            _attempt = attempt;
            _attempts++;
        }

        try
        {
            if (before is not null)
            {
                // The attempt before may still be reading the source.
                await before.ConfigureAwait(false);
                RewindSource();
            }

            return await SendSourceAsync(sender, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await LetGoAsync(attempt).ConfigureAwait(false);
        }
    }

    /// <summary>The call is over, whether or not anything was sent. Once; never faults.</summary>
    public ValueTask EndAsync(Exception? error)
    {
        lock (_gate)
        {
            _isOver = true;
            _error = error;
            if (_attempts > 0)
            {
                return ValueTask.CompletedTask;
            }
        }

        return ReleaseAsync();
    }

    /// <summary>Whether the source goes back to where it began.</summary>
    protected virtual bool CanRewind => false;

    /// <summary>Takes the source back to where it began.</summary>
    protected virtual void Rewind()
    {
    }

    /// <summary>The call is over, and nobody reads the source any more.</summary>
    protected virtual ValueTask ReleaseSourceAsync(Exception? error) => ValueTask.CompletedTask;

    protected abstract ValueTask<bool> SendSourceAsync(FrameSender sender, CancellationToken cancellationToken);

    private void RewindSource()
    {
        try
        {
            Rewind();
        }
        catch (Exception exception)
        {
            throw new SourceException(exception);
        }
    }

    private async ValueTask LetGoAsync(TaskCompletionSource attempt)
    {
        bool isLast;
        lock (_gate)
        {
            isLast = --_attempts == 0 && _isOver;
        }

        if (isLast)
        {
            await ReleaseAsync().ConfigureAwait(false);
        }

        attempt.SetResult();
    }

    private async ValueTask ReleaseAsync()
    {
        try
        {
            await ReleaseSourceAsync(_error).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A pipe of the user's; the call has its outcome.
        }
    }
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

/// <summary>The bytes of a pipe, which is completed at the end, once nobody reads it.</summary>
internal sealed class PipeUpload(int parameter, PipeReader source) : Upload(parameter)
{
    protected override ValueTask ReleaseSourceAsync(Exception? error) => source.CompleteAsync(error);

    protected override ValueTask<bool> SendSourceAsync(FrameSender sender, CancellationToken cancellationToken)
        => StreamSending.SendBytesAsync(sender, source, cancellationToken);
}
