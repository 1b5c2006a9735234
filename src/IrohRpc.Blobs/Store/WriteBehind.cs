namespace IrohRpc.Blobs.Store;

/// <summary>
/// Has the operating system put a file on the disk while more of it comes, and let go of the memory of what is there. Without it a large download takes as much
/// memory as it has bytes, from whatever else is kept there: each page is new, which costs more than to receive what goes into it, and the disk has nothing to do
/// until the system's limit for such pages is reached, where whoever writes has to wait. Not for use from several threads.
/// </summary>
/// <param name="beginFlush">Has bytes go to the disk: where they begin, and how many.</param>
/// <param name="forget">Lets the system have their memory: where they begin, and how many.</param>
internal sealed class WriteBehind(Action<long, long> beginFlush, Action<long, long> forget)
{
    /// <summary>How many bytes go to the disk at once.</summary>
    public const long Step = 8 * 1024 * 1024;

    /// <summary>How many bytes behind the last stay in memory, and smaller blobs whole: most will be there by then, and they may be asked for at once.</summary>
    public const long Window = 64 * 1024 * 1024;

    private long _start;
    private long _begun;
    private long _end;

    /// <summary>Takes note of bytes that were written.</summary>
    public void Wrote(long offset, long length)
    {
        if (offset != _end)
        {
            _start = _begun = offset;
        }

        _end = offset + length;
        if (_end - _begun < Step)
        {
            return;
        }

        beginFlush(_begun, _end - _begun);
        _begun = _end;

        // What was still under way the last time is tried again.
        long from = Math.Max(_start, _end - (4 * Window));
        long to = _end - Window;
        if (to > from)
        {
            forget(from, to - from);
        }
    }
}
