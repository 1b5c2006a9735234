using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Wire;

/// <summary>The varints of docs/protocol.md: QUIC's own, read from a span that moves along.</summary>
internal static class VarInt
{
    /// <summary>The most bytes that a value takes.</summary>
    public const int MaxLength = VariableLengthInteger.MaxLength;

    /// <summary>Reads a value and moves <paramref name="source"/> behind it; false where only a part of it is there.</summary>
    public static bool TryRead(scoped ref ReadOnlySpan<byte> source, out long value)
    {
        int length = VariableLengthInteger.TryRead(source, out value);
        source = source[length..];
        return length > 0;
    }

    /// <summary>How many bytes the shortest encoding takes.</summary>
    public static int LengthOf(long value) => VariableLengthInteger.LengthOf(value);

    /// <summary>Writes the shortest encoding and says how many bytes it took.</summary>
    public static int Write(Span<byte> destination, long value) => VariableLengthInteger.Write(destination, value);
}
