namespace IrohRpc.Payloads;

/// <summary>Counts what reading and writing a payload costs on this thread beyond its length.</summary>
internal static class PayloadWork
{
    // A collection of another type than those of .NET may have no end either. No message is meant to be so large without a limit that says so.
    private const int LeastRoom = 256 * 1024 * 1024;

    [ThreadStatic]
    private static int _collisionsLeft;

    [ThreadStatic]
    private static WriteBounds _bounds;

    [ThreadStatic]
    private static int _depth;

    /// <summary>How deep the values are nested around the enumerable that is being written on this thread, at most; nobody could look into it before.</summary>
    public static int Depth
    {
        get => _depth;
        set => _depth = value;
    }

    /// <summary>The bounds of what is being written on this thread.</summary>
    public static WriteBounds Bounds => _bounds.MaxBytes > 0 ? _bounds : WriteBounds.Default;

    /// <summary>A payload is about to be written.</summary>
    /// <returns>The bounds of the one that this thread was writing, for <see cref="EndWriting"/>: what is enumerated may make calls of its own.</returns>
    public static WriteBounds BeginWriting(WriteBounds bounds)
    {
        WriteBounds outer = _bounds;
        _bounds = bounds;
        return outer;
    }

    /// <summary>The payload was written, or cannot be.</summary>
    public static void EndWriting(WriteBounds outer) => _bounds = outer;

    /// <summary>Stops what would be written without end.</summary>
    /// <exception cref="PayloadTooLargeException">So much was written.</exception>
    public static void RequireRoom(int written)
    {
        int most = Math.Max(Bounds.MaxBytes, LeastRoom);
        if (written > most)
        {
            throw new PayloadTooLargeException(most);
        }
    }

    /// <summary>A payload is about to be read.</summary>
    /// <param name="collisions">How many pairs of keys with one hash are one too many.</param>
    public static void Begin(int collisions) => _collisionsLeft = collisions;

    /// <summary>The payload was read; what it became is the program's own.</summary>
    public static void End() => _collisionsLeft = 0;

    /// <summary>Two keys have one hash.</summary>
    /// <exception cref="InvalidDataException">Too many have.</exception>
    public static void CountCollision() => CountCollisions(1);

    /// <summary>So many pairs of keys have one hash.</summary>
    /// <exception cref="InvalidDataException">Too many have.</exception>
    public static void CountCollisions(int count)
    {
        if (_collisionsLeft > 0 && (_collisionsLeft = Math.Max(0, _collisionsLeft - count)) == 0)
        {
            throw new InvalidDataException($"too many keys of a dictionary or set have the same hash, which {nameof(RpcOptions.MaxKeyCollisions)} bounds");
        }
    }
}
