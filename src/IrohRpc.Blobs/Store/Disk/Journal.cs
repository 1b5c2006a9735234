using System.Buffers;
using System.Buffers.Binary;
using IrohRpc.Hashing;
using Microsoft.Win32.SafeHandles;

namespace IrohRpc.Blobs.Store.Disk;

/// <summary>
/// The file in which a store writes down what it has, one record behind the other, never changing what stands there. What a crash left
/// half written at the end is cut off when the file is opened: the last record that was written whole is the last that happened.
/// </summary>
internal sealed class Journal : IDisposable
{
    /// <summary>Length and checksum before each record.</summary>
    public const int HeaderSize = sizeof(uint) + ChecksumSize;

    private const int ChecksumSize = 8;
    private const int MaxRecordSize = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly SafeFileHandle _handle;
    private readonly bool _flush;
    private long _length;

    private Journal(SafeFileHandle handle, long length, bool flush)
    {
        _handle = handle;
        _length = length;
        _flush = flush;
    }

    /// <summary>Opens or creates the file and reads every record in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flush">Whether each record is on the disk, not only with the operating system, before it counts.</param>
    /// <param name="onRecord">Called with each record and where it begins.</param>
    public static Journal Open(string path, bool flush, Action<ReadOnlySpan<byte>, long> onRecord)
    {
        SafeFileHandle handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        try
        {
            long length = ReadAll(handle, onRecord);
            if (length < RandomAccess.GetLength(handle))
            {
                RandomAccess.SetLength(handle, length);
            }

            return new Journal(handle, length, flush);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Writes a record; it counts once the call returns.</summary>
    /// <returns>Where the record begins, behind its header.</returns>
    public long Append(ReadOnlySpan<byte> record)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(HeaderSize + record.Length);
        try
        {
            Span<byte> framed = buffer.AsSpan(0, HeaderSize + record.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(framed, (uint)record.Length);
            Checksum(record, framed.Slice(sizeof(uint), ChecksumSize));
            record.CopyTo(framed[HeaderSize..]);
            lock (_lock)
            {
                RandomAccess.Write(_handle, framed, _length);
                if (_flush)
                {
                    RandomAccess.FlushToDisk(_handle);
                }

                long at = _length + HeaderSize;
                _length += framed.Length;
                return at;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Read(long offset, Span<byte> buffer)
    {
        if (RandomAccess.Read(_handle, buffer, offset) != buffer.Length)
        {
            throw new EndOfStreamException("The store's journal is shorter than it was.");
        }
    }

    public void Dispose() => _handle.Dispose();

    private static long ReadAll(SafeFileHandle handle, Action<ReadOnlySpan<byte>, long> onRecord)
    {
        long end = RandomAccess.GetLength(handle);
        long at = 0;
        Span<byte> checksum = stackalloc byte[ChecksumSize];
        byte[] buffer = new byte[4 * MaxRecordSize];
        long start = 0;
        int filled = 0;
        while (true)
        {
            // The part of the file that is in the buffer begins at start; a record may continue behind it.
            if (!Fill(handle, buffer, ref start, ref filled, at, HeaderSize, end))
            {
                return at;
            }

            ReadOnlySpan<byte> header = buffer.AsSpan((int)(at - start), HeaderSize);
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
            if (length > MaxRecordSize || !Fill(handle, buffer, ref start, ref filled, at, HeaderSize + (int)length, end))
            {
                return at;
            }

            ReadOnlySpan<byte> record = buffer.AsSpan((int)(at - start) + HeaderSize, (int)length);
            Checksum(record, checksum);
            if (!checksum.SequenceEqual(buffer.AsSpan((int)(at - start) + sizeof(uint), ChecksumSize)))
            {
                return at;
            }

            onRecord(record, at + HeaderSize);
            at += HeaderSize + length;
        }
    }

    private static bool Fill(SafeFileHandle handle, byte[] buffer, ref long start, ref int filled, long at, int needed, long end)
    {
        if (at + needed > end)
        {
            return false;
        }

        if (at + needed > start + filled)
        {
            start = at;
            filled = 0;
            while (filled < needed)
            {
                int read = RandomAccess.Read(handle, buffer.AsSpan(filled), start + filled);
                if (read == 0)
                {
                    return false;
                }

                filled += read;
            }
        }

        return true;
    }

    private static void Checksum(ReadOnlySpan<byte> record, Span<byte> destination)
    {
        Span<byte> hash = stackalloc byte[Blake3.HashSize];
        Blake3.Hash(record, hash);
        hash[..ChecksumSize].CopyTo(destination);
    }
}
