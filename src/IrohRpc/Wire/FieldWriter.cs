using System.Buffers.Binary;
using System.Text;
using IrohRpc.CompilerServices;

namespace IrohRpc.Wire;

/// <summary>Writes fields.</summary>
internal static class FieldWriter
{
    // Maximum length of an error message on the wire; longer messages are truncated.
    private const int LargestMessage = 4 * 1024;

    public static void WriteTimeout(CallBuffer destination, TimeSpan timeout)
    {
        Span<byte> value = stackalloc byte[VarInt.MaxLength];
        long microseconds = Math.Max(1, timeout.Ticks / TimeSpan.TicksPerMicrosecond);
        WriteField(destination, FieldTag.Timeout, value[..VarInt.Write(value, microseconds)]);
    }

    public static void WriteTurn(CallBuffer destination, long turn)
    {
        Span<byte> value = stackalloc byte[VarInt.MaxLength];
        WriteField(destination, FieldTag.Turn, value[..VarInt.Write(value, turn)]);
    }

    /// <summary>Says that an object which is passed by a number is one of the receiver's own.</summary>
    public static void WriteHome(CallBuffer destination, long number, long target)
    {
        Span<byte> value = stackalloc byte[2 * VarInt.MaxLength];
        int length = VarInt.Write(value, number);
        length += VarInt.Write(value[length..], target);
        WriteField(destination, FieldTag.Home, value[..length]);
    }

    /// <summary>Says under which versions the object of a number may be called.</summary>
    /// <param name="destination">Takes the field.</param>
    /// <param name="number">The object's number.</param>
    /// <param name="alpns">Its contract's ALPNs, newest first, each with its length in front.</param>
    public static void WriteVersions(CallBuffer destination, long number, ReadOnlySpan<byte> alpns)
    {
        Span<byte> value = stackalloc byte[VarInt.MaxLength];
        int length = VarInt.Write(value, number);
        WriteHead(destination, FieldTag.Versions, length + alpns.Length);
        destination.Write(value[..length]);
        destination.Write(alpns);
    }

    public static void WriteMessage(CallBuffer destination, string message)
        => WriteText(destination, FieldTag.Message, Cut(message));

    public static void WriteFault(CallBuffer destination, ulong signatureId, ReadOnlySpan<byte> detail)
    {
        Span<byte> head = stackalloc byte[(2 * VarInt.MaxLength) + sizeof(ulong)];
        int written = VarInt.Write(head, FieldTag.Fault);
        written += VarInt.Write(head[written..], sizeof(ulong) + detail.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(head[written..], signatureId);
        destination.Write(head[..(written + sizeof(ulong))]);
        destination.Write(detail);
    }

    public static void WriteNotStarted(CallBuffer destination) => WriteField(destination, FieldTag.NotStarted, default);

    private static string Cut(string message)
        => message.Length <= LargestMessage / 3 ? message : message[..(LargestMessage / 3)];

    public static void WriteText(CallBuffer destination, long tag, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        WriteHead(destination, tag, length);
        destination.Advance(Encoding.UTF8.GetBytes(text, destination.GetSpan(length)));
    }

    public static void WriteField(CallBuffer destination, long tag, ReadOnlySpan<byte> value)
    {
        WriteHead(destination, tag, value.Length);
        destination.Write(value);
    }

    private static void WriteHead(CallBuffer destination, long tag, int length)
    {
        Span<byte> head = stackalloc byte[2 * VarInt.MaxLength];
        int written = VarInt.Write(head, tag);
        written += VarInt.Write(head[written..], length);
        destination.Write(head[..written]);
    }
}
