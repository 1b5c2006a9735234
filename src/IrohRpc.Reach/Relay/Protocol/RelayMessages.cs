using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace IrohRpc.Reach.Relay.Protocol;

/// <summary>The messages of the relay protocol that carry no datagrams.</summary>
internal static class RelayMessages
{
    /// <summary>A reason is cut to so many bytes.</summary>
    public const int MaxReasonLength = 1024;

    /// <summary>A challenge.</summary>
    public static byte[] Challenge(ReadOnlySpan<byte> challenge) => [(byte)RelayFrameType.ServerChallenge, .. challenge];

    /// <summary>Says that a client is let in.</summary>
    public static byte[] Confirm() => [(byte)RelayFrameType.ServerConfirmsAuth];

    /// <summary>Says that a client is not let in. The reason is a postcard string: its length as a variable-length integer, then its bytes.</summary>
    public static byte[] Deny(string reason)
    {
        byte[] text = Encoding.UTF8.GetBytes(reason);
        int length = Math.Min(text.Length, MaxReasonLength);

        // A cut within a character would not be UTF-8 any more.
        while (length < text.Length && length > 0 && (text[length] & 0xc0) == 0x80)
        {
            length--;
        }

        return length < 0x80
            ? [(byte)RelayFrameType.ServerDeniesAuth, (byte)length, .. text.AsSpan(0, length)]
            : [(byte)RelayFrameType.ServerDeniesAuth, (byte)(length | 0x80), (byte)(length >> 7), .. text.AsSpan(0, length)];
    }

    /// <summary>Says that a client has left.</summary>
    public static byte[] EndpointGone(EndpointId id) => [(byte)RelayFrameType.EndpointGone, .. id.ToByteArray()];

    /// <summary>A ping or the answer to one.</summary>
    public static byte[] Ping(RelayFrameType type, ReadOnlySpan<byte> payload) => [(byte)type, .. payload];

    /// <summary>Says that the relay restarts.</summary>
    /// <param name="reconnectIn">When the client should come back.</param>
    /// <param name="tryFor">For how long it should try.</param>
    public static byte[] Restarting(TimeSpan reconnectIn, TimeSpan tryFor)
    {
        var message = new byte[9];
        message[0] = (byte)RelayFrameType.Restarting;
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1), (uint)Math.Clamp(reconnectIn.TotalMilliseconds, 0, uint.MaxValue));
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(5), (uint)Math.Clamp(tryFor.TotalMilliseconds, 0, uint.MaxValue));
        return message;
    }

    /// <summary>Tells a client of the state of its session, in the words of its version.</summary>
    public static byte[] Status(RelayProtocolVersion version, RelayStatus status) => version == RelayProtocolVersion.V1
        ? [(byte)RelayFrameType.Health, .. Encoding.UTF8.GetBytes(Describe(status))]
        : [(byte)RelayFrameType.Status, (byte)status];

    /// <summary>Reads the reason of <see cref="Deny"/>; text of the relay's, to be escaped where it is shown.</summary>
    public static bool TryReadDenial(ReadOnlySpan<byte> message, [NotNullWhen(true)] out string? reason)
    {
        reason = null;
        int length = 0;
        int header = 1;
        for (int shift = 0; ; shift += 7, header++)
        {
            if (header == message.Length || shift > 14)
            {
                return false;
            }

            length |= (message[header] & 0x7f) << shift;
            if ((message[header] & 0x80) == 0)
            {
                header++;
                break;
            }
        }

        if (length != message.Length - header)
        {
            return false;
        }

        reason = Encoding.UTF8.GetString(message[header..]);
        return true;
    }

    /// <summary>Reads <see cref="Restarting"/>.</summary>
    public static bool TryReadRestarting(ReadOnlySpan<byte> message, out TimeSpan reconnectIn, out TimeSpan tryFor)
    {
        reconnectIn = tryFor = default;
        if (message.Length != 9)
        {
            return false;
        }

        reconnectIn = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(message[1..]));
        tryFor = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32BigEndian(message[5..]));
        return true;
    }

    /// <summary>A sentence for people.</summary>
    public static string Describe(RelayStatus status) => status switch
    {
        RelayStatus.Healthy => "the session works",
        RelayStatus.SameEndpointIdConnected => "another session with the same endpoint id has taken this one's place",
        _ => $"unknown status {(byte)status}",
    };
}
