using System.Buffers.Binary;
using System.Text;

namespace IrohRpc.Blobs.Store.Disk;

/// <summary>One record of the journal that says something about a blob; small data stay in the file.</summary>
internal sealed record Record(RecordKind Kind, BlobHash Hash, long Size)
{
    /// <summary>Where the data of an inline blob begin in its record.</summary>
    public const int InlineDataOffset = 1 + BlobHash.Size;

    public bool IsSizeVerified { get; init; }

    public string Path { get; init; } = "";

    public DateTime Modified { get; init; }

    public byte[] Encode()
    {
        byte[] path = Encoding.UTF8.GetBytes(Path);
        var bytes = new byte[1 + BlobHash.Size + sizeof(long) + 1 + sizeof(long) + path.Length];
        bytes[0] = (byte)Kind;
        Hash.CopyTo(bytes.AsSpan(1));
        Span<byte> rest = bytes.AsSpan(1 + BlobHash.Size);
        BinaryPrimitives.WriteInt64LittleEndian(rest, Size);
        rest[8] = IsSizeVerified ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt64LittleEndian(rest[9..], Modified.Ticks);
        path.CopyTo(rest[17..]);
        return bytes;
    }

    public static byte[] EncodeInline(BlobHash hash, ReadOnlySpan<byte> data)
    {
        var bytes = new byte[1 + BlobHash.Size + data.Length];
        bytes[0] = (byte)RecordKind.Inline;
        hash.CopyTo(bytes.AsSpan(1));
        data.CopyTo(bytes.AsSpan(1 + BlobHash.Size));
        return bytes;
    }

    public static byte[] EncodeTag(string name, BlobTag? tag)
    {
        byte[] text = Encoding.UTF8.GetBytes(name);
        var bytes = new byte[2 + BlobHash.Size + text.Length];
        bytes[0] = (byte)(tag is null ? RecordKind.TagRemoved : RecordKind.Tag);
        bytes[1] = (byte)(tag?.Format ?? 0);
        tag?.Hash.CopyTo(bytes.AsSpan(2));
        text.CopyTo(bytes.AsSpan(2 + BlobHash.Size));
        return bytes;
    }

    public static Record Decode(ReadOnlySpan<byte> bytes)
    {
        var kind = (RecordKind)bytes[0];
        var hash = new BlobHash(bytes.Slice(1, BlobHash.Size));
        ReadOnlySpan<byte> rest = bytes[(1 + BlobHash.Size)..];
        if (kind == RecordKind.Inline)
        {
            return new Record(kind, hash, rest.Length) { IsSizeVerified = true };
        }

        return new Record(kind, hash, BinaryPrimitives.ReadInt64LittleEndian(rest))
        {
            IsSizeVerified = rest[8] == 1,
            Modified = new DateTime(BinaryPrimitives.ReadInt64LittleEndian(rest[9..]), DateTimeKind.Utc),
            Path = Encoding.UTF8.GetString(rest[17..]),
        };
    }

    public static (string Name, BlobTag Tag) DecodeTag(ReadOnlySpan<byte> bytes)
        => (Encoding.UTF8.GetString(bytes[(2 + BlobHash.Size)..]), new BlobTag(new BlobHash(bytes.Slice(2, BlobHash.Size)), (BlobFormat)bytes[1]));
}
