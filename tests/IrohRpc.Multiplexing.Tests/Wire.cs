using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

/// <summary>Frames and records written by hand, so that a test says what is on the wire.</summary>
internal static class Wire
{
    public static byte[] Frame(long type, params long[] fields) => Integers([type, .. fields]);

    public static byte[] Integers(params long[] values)
    {
        byte[] buffer = new byte[values.Length * 8];
        int length = 0;
        foreach (long value in values)
        {
            length += VariableLengthInteger.Write(buffer.AsSpan(length), value);
        }

        return buffer[..length];
    }

    public static byte[] Stream(long id, long offset, byte[] data, bool fin = false)
        => [.. Integers(0x0e | (fin ? 1 : 0), id, offset, data.Length), .. data];

    public static byte[] Record(params byte[][] frames)
    {
        byte[] content = [.. frames.SelectMany(f => f)];
        return [.. Integers(content.Length), .. content];
    }

    public static byte[] Parameter(long id, params byte[] value) => [.. Integers(id, value.Length), .. value];

    public static byte[] Parameters(params byte[][] parameters)
    {
        byte[] content = [.. parameters.SelectMany(p => p)];
        return [.. Integers(0x3f5153300d0a0d0a, content.Length), .. content];
    }

    /// <summary>Parameters that allow <paramref name="streams"/> streams of each type and <paramref name="bytes"/> bytes on each.</summary>
    public static byte[] Parameters(long streams, long bytes, long allBytes) => Parameters(
        Parameter(0x04, Integers(allBytes)),
        Parameter(0x05, Integers(bytes)),
        Parameter(0x06, Integers(bytes)),
        Parameter(0x07, Integers(bytes)),
        Parameter(0x08, Integers(streams)),
        Parameter(0x09, Integers(streams)));
}
