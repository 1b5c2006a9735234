using System.Text;
using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>What goes over a control stream; the remarks of <see cref="MsQuicTransport"/> specify it.</summary>
internal static class ControlMessage
{
    /// <summary>The acceptor has taken the connection.</summary>
    public const long AcceptedType = 0;

    /// <summary>The sender closes the connection, with a reason.</summary>
    public const long CloseType = 1;

    /// <summary>The most bytes of a reason.</summary>
    public const int MaxReasonLength = ConnectionCloseFrame.MaxReasonLength;

    /// <summary>The most bytes that a control stream carries in its whole life: both messages, their integers as long as they may be.</summary>
    public const int MaxStreamLength = (4 * VariableLengthInteger.MaxLength) + MaxReasonLength;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The whole of <see cref="AcceptedType"/>.</summary>
    public static ReadOnlyMemory<byte> Accepted { get; } = new byte[] { (byte)AcceptedType };

    /// <summary>Cuts a reason to what travels, between two characters.</summary>
    public static string Cut(string reason) => ConnectionCloseFrame.Cut(reason);

    /// <summary>Encodes <see cref="CloseType"/>.</summary>
    /// <param name="errorCode">The application's code.</param>
    /// <param name="reason">The reason, cut.</param>
    public static byte[] EncodeClose(long errorCode, string reason)
    {
        int reasonLength = Encoding.UTF8.GetByteCount(reason);
        byte[] message = new byte[1 + VariableLengthInteger.LengthOf(errorCode) + VariableLengthInteger.LengthOf(reasonLength) + reasonLength];
        message[0] = (byte)CloseType;
        int length = 1 + VariableLengthInteger.Write(message.AsSpan(1), errorCode);
        length += VariableLengthInteger.Write(message.AsSpan(length), reasonLength);
        Encoding.UTF8.GetBytes(reason, message.AsSpan(length));
        return message;
    }

    /// <summary>Decodes what follows the type of <see cref="CloseType"/>.</summary>
    /// <param name="content">The bytes that are there.</param>
    /// <param name="errorCode">The application's code, where the result is true.</param>
    /// <param name="reason">The reason, where the result is true.</param>
    /// <returns>Whether the message is there whole.</returns>
    /// <exception cref="InvalidDataException">It is malformed, or something follows it.</exception>
    public static bool TryDecodeClose(ReadOnlySpan<byte> content, out long errorCode, out string reason)
    {
        reason = "";
        int length = VariableLengthInteger.TryRead(content, out errorCode);
        int lengthOfLength = VariableLengthInteger.TryRead(content[length..], out long reasonLength);
        if (length == 0 || lengthOfLength == 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = content[(length + lengthOfLength)..];
        if (reasonLength is 0 or > MaxReasonLength || rest.Length > reasonLength)
        {
            throw new InvalidDataException("its close is malformed");
        }

        if (rest.Length < reasonLength)
        {
            return false;
        }

        try
        {
            reason = StrictUtf8.GetString(rest);
            return true;
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException("its close is malformed");
        }
    }
}
