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
    public const int MaxStreamLength = (3 * VariableLengthInteger.MaxLength) + MaxReasonLength;

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
        byte[] message = new byte[1 + VariableLengthInteger.LengthOf(errorCode) + Encoding.UTF8.GetByteCount(reason)];
        message[0] = (byte)CloseType;
        int length = 1 + VariableLengthInteger.Write(message.AsSpan(1), errorCode);
        Encoding.UTF8.GetBytes(reason, message.AsSpan(length));
        return message;
    }

    /// <summary>Decodes what follows the type of <see cref="CloseType"/>, up to the end of the stream.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="errorCode">The application's code, where the result is true.</param>
    /// <param name="reason">The reason, where the result is true.</param>
    /// <returns>Whether the bytes are well-formed.</returns>
    public static bool TryDecodeClose(ReadOnlySpan<byte> content, out long errorCode, out string reason)
    {
        reason = "";
        int length = VariableLengthInteger.TryRead(content, out errorCode);
        int reasonLength = content.Length - length;
        if (length == 0 || reasonLength is 0 or > MaxReasonLength)
        {
            return false;
        }

        try
        {
            reason = StrictUtf8.GetString(content[length..]);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
