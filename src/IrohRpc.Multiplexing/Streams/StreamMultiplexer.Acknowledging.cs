namespace IrohRpc.Multiplexing.Streams;

// What became of frames that left, where the transport below may lose them (RFC 9000, section 13.3).
internal sealed partial class StreamMultiplexer
{
    private ConnectionFrames _resend;

    /// <summary>A frame has arrived at the peer.</summary>
    public static void HandleAcknowledged(in SentFrame frame)
    {
        if (frame.Kind == SentFrameKind.Stream)
        {
            frame.Stream!.Send!.HandleAcknowledged(frame.Offset, frame.Length, frame.IsFin);
        }
        else if (frame.Kind == SentFrameKind.ResetStream)
        {
            frame.Stream!.Send!.ResetWasAcknowledged();
        }
    }

    /// <summary>A frame was lost: what it said is said again where it still matters, as it stands by then.</summary>
    public void HandleLost(in SentFrame frame)
    {
        if (frame.Stream is { IsRetired: true })
        {
            return;
        }

        switch (frame.Kind)
        {
            case SentFrameKind.Stream:
                frame.Stream!.Send!.HandleLost(frame.Offset, frame.Length, frame.IsFin);
                break;
            case SentFrameKind.ResetStream:
                frame.Stream!.Send!.ResetWasLost();
                break;
            case SentFrameKind.StopSending:
                frame.Stream!.Receive!.ControlWasLost(PendingFrames.StopSending);
                break;
            case SentFrameKind.MaxStreamData when frame.Stream!.Receive!.Limit == frame.Offset:
                frame.Stream.Receive.ControlWasLost(PendingFrames.MaxStreamData);
                break;
            case SentFrameKind.StreamDataBlocked:
                frame.Stream!.Send!.BlockedReportWasLost();
                break;
            case SentFrameKind.MaxData when frame.Offset == _window.Limit:
                _resend |= ConnectionFrames.MaxData;
                break;
            case SentFrameKind.MaxStreamsBidirectional when frame.Offset == _inboundBidirectional.Limit:
                _resend |= ConnectionFrames.MaxStreamsBidirectional;
                break;
            case SentFrameKind.MaxStreamsUnidirectional when frame.Offset == _inboundUnidirectional.Limit:
                _resend |= ConnectionFrames.MaxStreamsUnidirectional;
                break;
            case SentFrameKind.DataBlocked:
                _credit.ForgetReport();
                break;
            case SentFrameKind.StreamsBlockedBidirectional:
                _outboundBidirectional.ForgetReport();
                break;
            case SentFrameKind.StreamsBlockedUnidirectional:
                _outboundUnidirectional.ForgetReport();
                break;
        }
    }
}
