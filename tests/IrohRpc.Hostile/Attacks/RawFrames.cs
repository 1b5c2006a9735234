using System.Buffers.Binary;
using System.Text;
using IrohRpc.CompilerServices;

namespace IrohRpc.Hostile;

/// <summary>Frames as docs/protocol.md has them, made by hand.</summary>
internal static class RawFrames
{
    public const byte Lane = 0;
    public const byte Call = 1;

    public static byte[] Preface(byte kind) => [1, kind];

    public static byte[] Request(long call, MethodDescriptor method, ReadOnlySpan<byte> arguments)
        => Frame(0, [.. VarInt(call), 0, .. Number(method.NameId), .. Number(method.SignatureId), 0, .. arguments]);

    public static byte[] Response(long call, ReadOnlySpan<byte> result) => Frame(2, [.. VarInt(call), 0, .. result]);

    public static byte[] Item(ReadOnlySpan<byte> value) => Frame(5, value);

    public static byte[] Progress(int parameter, ReadOnlySpan<byte> report) => Frame(7, [.. VarInt(parameter), .. report]);

    public static byte[] End(int status = 0) => Frame(8, [(byte)status, 0]);

    /// <summary>An END with a message and a fault.</summary>
    public static byte[] Fault(int status, string message, ulong signatureId, ReadOnlySpan<byte> detail)
    {
        byte[] text = Encoding.UTF8.GetBytes(message);
        byte[] fields = [5, .. VarInt(text.Length), .. text, 6, .. VarInt(sizeof(ulong) + detail.Length), .. Number(signatureId), .. detail];
        return Frame(8, [(byte)status, .. VarInt(fields.Length), .. fields]);
    }

    public static byte[] Frame(byte type, ReadOnlySpan<byte> body) => [.. VarInt(body.Length + 1), type, .. body];

    public static byte[] VarInt(long value)
    {
        if (value < 1 << 6)
        {
            return [(byte)value];
        }

        if (value < 1 << 14)
        {
            return [(byte)(0x40 | (value >> 8)), (byte)value];
        }

        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, 0x8000_0000 | (uint)value);
        return bytes;
    }

    private static byte[] Number(uint value) => BitConverter.GetBytes(value);

    private static byte[] Number(ulong value) => BitConverter.GetBytes(value);
}
