using System.Text;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Multiplexing.QMux;

/// <summary>CONNECTION_CLOSE (RFC 9000, section 19.19).</summary>
/// <param name="IsApplication">Whether the code is the application's; otherwise it is a <see cref="TransportErrorCode"/>.</param>
/// <param name="ErrorCode">From 0 to 2^62-1.</param>
/// <param name="FrameType">The type of the frame at fault where the code is the transport's; zero where none is known.</param>
/// <param name="Reason">For people; at most <see cref="MaxReasonLength"/> bytes of UTF-8 travel.</param>
internal sealed record ConnectionCloseFrame(bool IsApplication, long ErrorCode, long FrameType, string Reason)
{
    /// <summary>The most bytes of a reason, on the way out and on the way in.</summary>
    public const int MaxReasonLength = 1024;

    /// <summary>Cuts a reason to <see cref="MaxReasonLength"/> bytes of UTF-8, between two characters.</summary>
    public static string Cut(string reason)
    {
        Span<byte> bytes = stackalloc byte[MaxReasonLength];
        Encoding.UTF8.GetEncoder().Convert(reason, bytes, flush: true, out int charsUsed, out _, out bool completed);
        return completed ? reason : reason[..charsUsed];
    }

    /// <summary>Writes the frame.</summary>
    public void Write(ref FrameWriter writer)
    {
        Span<byte> reason = stackalloc byte[MaxReasonLength];
        int length = Encoding.UTF8.GetBytes(Cut(Reason), reason);
        writer.Write(IsApplication ? Streams.FrameType.ConnectionCloseApplication : Streams.FrameType.ConnectionCloseTransport);
        writer.Write(ErrorCode);
        if (!IsApplication)
        {
            writer.Write(FrameType);
        }

        writer.WriteBytes(reason[..length]);
    }

    /// <summary>Reads the frame, whose type was just read.</summary>
    public static ConnectionCloseFrame Read(ref FrameReader reader)
    {
        bool isApplication = reader.FrameType == Streams.FrameType.ConnectionCloseApplication;
        long errorCode = reader.ReadInteger();
        long frameType = isApplication ? 0 : reader.ReadInteger();
        ReadOnlySpan<byte> reason = reader.ReadBytes();
        return new ConnectionCloseFrame(
            isApplication, errorCode, frameType, Encoding.UTF8.GetString(reason[..Math.Min(reason.Length, MaxReasonLength)]));
    }
}
