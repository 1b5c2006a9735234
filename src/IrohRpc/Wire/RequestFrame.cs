using System.Buffers.Binary;

namespace IrohRpc.Wire;

/// <summary>The body of a REQUEST or NOTIFICATION, taken apart.</summary>
internal readonly ref struct RequestFrame
{
    private RequestFrame(long target, uint nameId, ulong signatureId, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> arguments)
    {
        Target = target;
        NameId = nameId;
        SignatureId = signatureId;
        Fields = fields;
        Arguments = arguments;
    }

    /// <summary>Zero for the service, otherwise the number of an object.</summary>
    public long Target { get; }

    public uint NameId { get; }

    public ulong SignatureId { get; }

    public ReadOnlySpan<byte> Fields { get; }

    public ReadOnlySpan<byte> Arguments { get; }

    /// <summary>What the request counts for in a <see cref="ByteBudget"/>: its bytes, and the objects around them.</summary>
    public long Cost => 512 + Fields.Length + Arguments.Length;

    /// <summary>Reads target and method alone, from the beginning of a frame that need not be there in full.</summary>
    public static bool TryReadMethod(scoped ref ReadOnlySpan<byte> body, out long call, out long target, out uint nameId, out ulong signatureId)
    {
        target = 0;
        nameId = 0;
        signatureId = 0;
        if (!VarInt.TryRead(ref body, out call) || !VarInt.TryRead(ref body, out target) || body.Length < 12)
        {
            return false;
        }

        nameId = BinaryPrimitives.ReadUInt32LittleEndian(body);
        signatureId = BinaryPrimitives.ReadUInt64LittleEndian(body[4..]);
        body = body[12..];
        return true;
    }

    /// <summary>Takes the part behind the call's number apart.</summary>
    public static bool TryParse(ReadOnlySpan<byte> body, out long call, out RequestFrame frame)
    {
        frame = default;
        if (!TryReadMethod(ref body, out call, out long target, out uint nameId, out ulong signatureId)
            || !WireFormat.TryReadFields(ref body, out ReadOnlySpan<byte> fields))
        {
            return false;
        }

        frame = new RequestFrame(target, nameId, signatureId, fields, body);
        return true;
    }
}
