using System.Buffers;
using System.Buffers.Binary;
using IrohRpc.Hashing;
using Microsoft.Win32.SafeHandles;

namespace IrohRpc.Blobs.Store.Disk;

/// <summary>
/// The file in which a store writes down what it has, one record behind the other, never changing what stands there. What a crash left
/// half written at the end is cut off when the file is opened: the last record that was written whole is the last that happened.
/// </summary>
/// <remarks>
/// When more than half of the file says nothing any more, what does is copied to a new file, which then takes the old one's place in one step. Whenever
/// that ends early, the old file is there, whole.
/// </remarks>
internal sealed class Journal : IDisposable
{
    /// <summary>Length and checksum before each record.</summary>
    public const int HeaderSize = sizeof(uint) + ChecksumSize;

    private const int ChecksumSize = 8;
    private const int MaxRecordSize = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly bool _flush;
    private readonly long _slack;
    private readonly JournalIndex _index;
    private SafeFileHandle _handle;
    private long _length;

    private Journal(string path, bool flush, long slack, JournalIndex index, SafeFileHandle handle, long length)
    {
        _path = path;
        _flush = flush;
        _slack = slack;
        _index = index;
        _handle = handle;
        _length = length;
    }

    /// <summary>Opens or creates the file and reads every record in it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="flush">Whether each record is on the disk, not only with the operating system, before it counts.</param>
    /// <param name="slack">How many bytes may say nothing any more before the file is written anew, however few still do.</param>
    /// <param name="onRecord">Called with each record and where it begins.</param>
    public static Journal Open(string path, bool flush, long slack, Action<ReadOnlySpan<byte>, long> onRecord)
    {
        File.Delete(NewPath(path));
        SafeFileHandle handle = OpenFile(path, FileMode.OpenOrCreate);
        try
        {
            var index = new JournalIndex();
            long length = ReadAll(handle, (record, offset) =>
            {
                index.Add(record, offset);
                onRecord(record, offset);
            });
            if (length < RandomAccess.GetLength(handle))
            {
                RandomAccess.SetLength(handle, length);
            }

            return new Journal(path, flush, slack, index, handle, length);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Writes a record; it counts once the call returns.</summary>
    /// <returns>Where the record lies.</returns>
    public JournalRecord Append(ReadOnlySpan<byte> record)
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

                JournalRecord appended = _index.Add(record, _length + HeaderSize);
                _length += framed.Length;
                if (_length - _index.LiveBytes > Math.Max(_slack, _index.LiveBytes))
                {
                    Compact();
                }

                return appended;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The record that tells of a blob.</summary>
    public JournalRecord? Find(BlobHash hash)
    {
        lock (_lock)
        {
            return _index.Find(hash);
        }
    }

    /// <summary>Reads a part of a record.</summary>
    public void Read(JournalRecord record, long offset, Span<byte> buffer)
    {
        // A record that moves meanwhile would be read where it was.
        lock (_lock)
        {
            if (RandomAccess.Read(_handle, buffer, record.Offset + offset) != buffer.Length)
            {
                throw new EndOfStreamException("The store's journal is shorter than it was.");
            }
        }
    }

    public void Dispose() => _handle.Dispose();

    private static string NewPath(string path) => path + ".new";

    private static SafeFileHandle OpenFile(string path, FileMode mode)
        => File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);

    // Under the lock.
    private void Compact()
    {
        string newPath = NewPath(_path);
        var moved = new List<(JournalRecord Record, long Offset)>();
        SafeFileHandle target = OpenFile(newPath, FileMode.Create);
        long length;
        try
        {
            length = CopyLive(target, moved);
            if (_flush)
            {
                RandomAccess.FlushToDisk(target);
            }

            // The name leads to the old file until this very step.
            File.Move(newPath, _path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The file goes on growing, and the next record tries again.
            target.Dispose();
            File.Delete(newPath);
            return;
        }

        _handle.Dispose();
        _handle = target;
        _length = length;
        foreach ((JournalRecord record, long offset) in moved)
        {
            record.Offset = offset;
        }
    }

    private long CopyLive(SafeFileHandle target, List<(JournalRecord Record, long Offset)> moved)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(HeaderSize + MaxRecordSize);
        long length = 0;
        try
        {
            // In the order in which they lie, so that both files are gone through once.
            foreach (JournalRecord record in _index.Records.OrderBy(static record => record.Offset))
            {
                Span<byte> framed = buffer.AsSpan(0, HeaderSize + record.Length);
                if (RandomAccess.Read(_handle, framed, record.Offset - HeaderSize) != framed.Length)
                {
                    throw new EndOfStreamException("The store's journal is shorter than it was.");
                }

                RandomAccess.Write(target, framed, length);
                moved.Add((record, length + HeaderSize));
                length += framed.Length;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return length;
    }

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
