namespace IrohRpc.Wire;

/// <summary>What stands before the body of a frame.</summary>
/// <param name="Length">How many bytes type and body have together.</param>
/// <param name="Type">The type; one beyond those of this version where this build does not know it.</param>
/// <param name="BodyLength">How many bytes the body has.</param>
internal readonly record struct FrameHead(long Length, FrameType Type, long BodyLength)
{
    /// <summary>Reads the head of a frame.</summary>
    /// <param name="rest">What has arrived; what stands behind the head, for a frame.</param>
    /// <param name="head">The head.</param>
    /// <returns><see cref="FrameReadResult.Frame"/>, <see cref="FrameReadResult.Incomplete"/> or <see cref="FrameReadResult.Broken"/>.</returns>
    public static FrameReadResult TryRead(scoped ref ReadOnlySpan<byte> rest, out FrameHead head)
    {
        head = default;
        if (!VarInt.TryRead(ref rest, out long length))
        {
            return FrameReadResult.Incomplete;
        }

        int before = rest.Length;
        if (length == 0)
        {
            return FrameReadResult.Broken;
        }

        if (!VarInt.TryRead(ref rest, out long type))
        {
            bool reachesPast = !rest.IsEmpty && 1 << (rest[0] >> 6) > length;
            return reachesPast ? FrameReadResult.Broken : FrameReadResult.Incomplete;
        }

        long bodyLength = length - (before - rest.Length);
        if (bodyLength < 0)
        {
            return FrameReadResult.Broken;
        }

        head = new FrameHead(length, type <= byte.MaxValue ? (FrameType)type : (FrameType)byte.MaxValue, bodyLength);
        return FrameReadResult.Frame;
    }
}
