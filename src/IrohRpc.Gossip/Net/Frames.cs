using System.Buffers.Binary;

namespace IrohRpc.Gossip.Net;

/// <summary>Frames on a stream: a length of four bytes, most significant first, and so many bytes.</summary>
internal static class Frames
{
    public static byte[] Of(params ReadOnlySpan<byte[]> parts)
    {
        int length = 0;
        foreach (byte[] part in parts)
        {
            length += part.Length;
        }

        var frame = new byte[sizeof(uint) + length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)length);
        int at = sizeof(uint);
        foreach (byte[] part in parts)
        {
            part.CopyTo(frame, at);
            at += part.Length;
        }

        return frame;
    }

    /// <summary>Reads one frame.</summary>
    /// <returns>Null where the stream ended between frames.</returns>
    /// <exception cref="GossipViolationException">The frame is larger than allowed, or ended in the middle.</exception>
    public static async ValueTask<byte[]?> ReadAsync(PeerStream stream, int maxSize, CancellationToken cancellationToken)
    {
        var header = new byte[sizeof(uint)];
        int read = await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            return null;
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (read < header.Length || length > maxSize)
        {
            throw new GossipViolationException(
                read < header.Length ? "a stream ended within the length of a frame" : $"a frame has {length} bytes, and {maxSize} are allowed");
        }

        var frame = new byte[length];
        read = await stream.ReadAtLeastAsync(frame, frame.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return read == frame.Length ? frame : throw new GossipViolationException("a stream ended within a frame");
    }
}

/// <summary>A peer broke the rules of the protocol.</summary>
internal sealed class GossipViolationException(string problem) : IOException($"The peer broke the gossip protocol: {problem}.");
