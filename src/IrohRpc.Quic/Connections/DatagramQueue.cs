using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Quic.Connections;

/// <summary>Datagrams that wait, in rented memory and bounded in bytes: where there are too many, the oldest are dropped, for they are the stalest.</summary>
internal sealed class DatagramQueue(int maxBytes)
{
    private readonly Queue<Entry> _entries = new();

    /// <summary>How many bytes wait.</summary>
    public int Bytes { get; private set; }

    /// <summary>How many datagrams wait.</summary>
    public int Count => _entries.Count;

    /// <summary>How many were dropped for want of room.</summary>
    public long Dropped { get; private set; }

    /// <summary>Adds a copy of a datagram.</summary>
    public void Enqueue(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length > maxBytes)
        {
            Dropped++;
            return;
        }

        while (Bytes + datagram.Length > maxBytes)
        {
            Drop();
        }

        byte[] array = ArrayPool<byte>.Shared.Rent(datagram.Length);
        datagram.CopyTo(array);
        _entries.Enqueue(new Entry(array, datagram.Length));
        Bytes += datagram.Length;
    }

    /// <summary>The length of the oldest datagram.</summary>
    public bool TryPeek(out int length)
    {
        bool any = _entries.TryPeek(out Entry entry);
        length = entry.Length;
        return any;
    }

    /// <summary>Takes the oldest datagram out.</summary>
    /// <param name="destination">Has room for it.</param>
    /// <returns>Its length.</returns>
    public int Dequeue(Span<byte> destination)
    {
        Entry entry = _entries.Dequeue();
        entry.Array.AsSpan(0, entry.Length).CopyTo(destination);
        Release(entry);
        return entry.Length;
    }

    /// <summary>Takes the oldest datagram out, as an array of its own.</summary>
    public bool TryDequeue([NotNullWhen(true)] out byte[]? datagram)
    {
        datagram = null;
        if (!TryPeek(out int length))
        {
            return false;
        }

        datagram = new byte[length];
        Dequeue(datagram);
        return true;
    }

    /// <summary>Drops the oldest datagram.</summary>
    public void Drop()
    {
        Release(_entries.Dequeue());
        Dropped++;
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        while (_entries.TryDequeue(out Entry entry))
        {
            Release(entry);
        }
    }

    private void Release(Entry entry)
    {
        Bytes -= entry.Length;
        ArrayPool<byte>.Shared.Return(entry.Array);
    }

    private readonly record struct Entry(byte[] Array, int Length);
}
