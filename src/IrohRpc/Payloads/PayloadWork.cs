namespace IrohRpc.Payloads;

/// <summary>Counts what reading a payload costs on this thread beyond its length.</summary>
internal static class PayloadWork
{
    // Some milliseconds.
    private const int MostCollisions = 1_000_000;

    // Where nothing says how large a message may be.
    private const int DefaultWriteLimit = 64 * 1024 * 1024;

    [ThreadStatic]
    private static int _collisionsLeft;

    [ThreadStatic]
    private static int _writeLimit;

    /// <summary>How many bytes an enumerable may become that is written on this thread.</summary>
    public static int WriteLimit => _writeLimit > 0 ? _writeLimit : DefaultWriteLimit;

    /// <summary>A payload is about to be written.</summary>
    public static void BeginWriting(int limit) => _writeLimit = limit;

    /// <summary>The payload was written, or cannot be.</summary>
    public static void EndWriting() => _writeLimit = 0;

    /// <summary>A payload is about to be read.</summary>
    public static void Begin() => _collisionsLeft = MostCollisions;

    /// <summary>The payload was read; what it became is the program's own.</summary>
    public static void End() => _collisionsLeft = 0;

    /// <summary>Two keys have one hash.</summary>
    /// <exception cref="InvalidDataException">Too many have.</exception>
    public static void CountCollision()
    {
        if (_collisionsLeft > 0 && --_collisionsLeft == 0)
        {
            throw new InvalidDataException("too many keys of a dictionary or set have the same hash");
        }
    }
}
