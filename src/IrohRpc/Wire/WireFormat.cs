using System.Buffers.Binary;
using IrohRpc.CompilerServices;

namespace IrohRpc.Wire;

/// <summary>The constants of docs/protocol.md, and the heads of frames.</summary>
internal static class WireFormat
{
    /// <summary>The byte that opens every stream.</summary>
    public const byte Version = 0x01;

    /// <summary>The last type of frame that this build knows.</summary>
    public const FrameType LastFrameType = FrameType.Stop;

    /// <summary>How many lanes a peer may have on a connection at once. It needs one, and another while an old one ends.</summary>
    public const int MostLanes = 4;

    /// <summary>Arguments and results over this do not go on a lane.</summary>
    public const int LargestOnLane = 16 * 1024;

    /// <summary>A frame on a lane over this is refused.</summary>
    public const int LargestLaneFrame = 64 * 1024;

    /// <summary>The most that the head of a frame takes, fields apart: call, target, method, length of fields.</summary>
    public const int LargestHead = (3 * VarInt.MaxLength) + MethodLength;

    private const int MethodLength = 12;

    /// <summary>Writes the head of a REQUEST or NOTIFICATION, up to its fields.</summary>
    public static int WriteRequestHead(Span<byte> destination, long call, long target, uint nameId, ulong signatureId, int fieldsLength)
    {
        int written = VarInt.Write(destination, call);
        written += VarInt.Write(destination[written..], target);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[written..], nameId);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[(written + 4)..], signatureId);
        written += MethodLength;
        return written + VarInt.Write(destination[written..], fieldsLength);
    }

    /// <summary>Writes the head of a RESPONSE (or, with a status between, of a FAILURE), up to its fields.</summary>
    public static int WriteResponseHead(Span<byte> destination, long call, RpcStatusCode status, int fieldsLength)
    {
        int written = VarInt.Write(destination, call);
        if (status != RpcStatusCode.OK)
        {
            written += VarInt.Write(destination[written..], (long)status);
        }

        return written + VarInt.Write(destination[written..], fieldsLength);
    }

    /// <summary>Writes the head of an END, up to its fields.</summary>
    public static int WriteEndHead(Span<byte> destination, RpcStatusCode status, int fieldsLength)
    {
        int written = VarInt.Write(destination, (long)status);
        return written + VarInt.Write(destination[written..], fieldsLength);
    }

    /// <summary>The most bytes of a frame whose message may have <paramref name="messageLimit"/> bytes: the message and everything around it.</summary>
    public static int FrameLimit(int messageLimit, int fieldLimit) => (int)Math.Min(messageLimit + (long)fieldLimit + LargestHead + 1, Array.MaxLength);

    /// <summary>A code as it came; what this build does not know reads as unknown.</summary>
    public static RpcStatusCode ToStatus(long code)
        => code is >= 0 and <= (long)RpcStatusCode.Unauthenticated ? (RpcStatusCode)code : RpcStatusCode.Unknown;

    /// <summary>Reads the part of a frame that has its length in front.</summary>
    public static bool TryReadFields(scoped ref ReadOnlySpan<byte> source, out ReadOnlySpan<byte> fields)
    {
        fields = default;
        if (!VarInt.TryRead(ref source, out long length) || length > source.Length)
        {
            return false;
        }

        fields = source[..(int)length];
        source = source[(int)length..];
        return true;
    }
}
