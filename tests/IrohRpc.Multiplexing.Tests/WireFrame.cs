using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

/// <summary>A frame that a session sent, decoded without the session's own reader.</summary>
internal sealed record WireFrame(long Type, long[] Fields, byte[] Data)
{
    public bool IsStream => Type is >= 0x08 and <= 0x0f;

    public long StreamId => Fields[0];

    public long Offset => (Type & 4) == 0 ? 0 : Fields[1];

    public bool Fin => (Type & 1) != 0;

    public static List<List<WireFrame>> DecodeRecords(ReadOnlySpan<byte> bytes)
    {
        var records = new List<List<WireFrame>>();
        while (!bytes.IsEmpty)
        {
            int size = (int)Read(ref bytes);
            ReadOnlySpan<byte> record = bytes[..size];
            bytes = bytes[size..];
            var frames = new List<WireFrame>();
            while (!record.IsEmpty)
            {
                frames.Add(Decode(ref record));
            }

            records.Add(frames);
        }

        return records;
    }

    private static WireFrame Decode(ref ReadOnlySpan<byte> bytes)
    {
        long type = Read(ref bytes);
        if (type is >= 0x08 and <= 0x0f)
        {
            Assert.True((type & 2) != 0, "a session always sends the length");
            long[] fields = Take(ref bytes, (type & 4) == 0 ? 1 : 2);
            return new WireFrame(type, fields, TakeBytes(ref bytes));
        }

        return type switch
        {
            0x10 or 0x12 or 0x13 or 0x14 or 0x16 or 0x17 => new WireFrame(type, Take(ref bytes, 1), []),
            0x348c67529ef8c7bd or 0x348c67529ef8c7be => new WireFrame(type, Take(ref bytes, 1), []),
            0x05 or 0x11 or 0x15 => new WireFrame(type, Take(ref bytes, 2), []),
            0x04 => new WireFrame(type, Take(ref bytes, 3), []),
            0x1c => new WireFrame(type, Take(ref bytes, 2), TakeBytes(ref bytes)),
            0x1d => new WireFrame(type, Take(ref bytes, 1), TakeBytes(ref bytes)),
            0x3f5153300d0a0d0a => new WireFrame(type, [], TakeBytes(ref bytes)),
            _ => throw new InvalidOperationException($"A session sent frame type 0x{type:x}."),
        };
    }

    private static long[] Take(ref ReadOnlySpan<byte> bytes, int count)
    {
        long[] fields = new long[count];
        for (int i = 0; i < count; i++)
        {
            fields[i] = Read(ref bytes);
        }

        return fields;
    }

    private static byte[] TakeBytes(ref ReadOnlySpan<byte> bytes)
    {
        int length = (int)Read(ref bytes);
        byte[] data = bytes[..length].ToArray();
        bytes = bytes[length..];
        return data;
    }

    private static long Read(ref ReadOnlySpan<byte> bytes)
    {
        int length = VariableLengthInteger.TryRead(bytes, out long value);
        Assert.True(length > 0, "a session sent a record that ends within a frame");
        bytes = bytes[length..];
        return value;
    }
}
