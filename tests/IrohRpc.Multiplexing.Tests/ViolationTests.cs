using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

/// <summary>Each rule that a peer can break, and the code that it is closed with. The session is the acceptor: the peer's streams are 0, 2, 4…</summary>
public sealed class ViolationTests
{
    private const long TwoTo60 = 1L << 60;

    public static TheoryData<string, byte[], TransportErrorCodeName> Violations => new()
    {
        { "PING", Wire.Frame(0x01), TransportErrorCodeName.FrameEncodingError },
        { "ACK", Wire.Frame(0x02, 0, 0, 0, 0), TransportErrorCodeName.FrameEncodingError },
        { "ACK with ECN", Wire.Frame(0x03, 0, 0, 0, 0), TransportErrorCodeName.FrameEncodingError },
        { "CRYPTO", Wire.Frame(0x06, 0, 0), TransportErrorCodeName.FrameEncodingError },
        { "NEW_TOKEN", Wire.Frame(0x07, 1, 1), TransportErrorCodeName.FrameEncodingError },
        { "NEW_CONNECTION_ID", Wire.Frame(0x18, 0), TransportErrorCodeName.FrameEncodingError },
        { "RETIRE_CONNECTION_ID", Wire.Frame(0x19, 0), TransportErrorCodeName.FrameEncodingError },
        { "PATH_CHALLENGE", Wire.Frame(0x1a, 0), TransportErrorCodeName.FrameEncodingError },
        { "PATH_RESPONSE", Wire.Frame(0x1b, 0), TransportErrorCodeName.FrameEncodingError },
        { "HANDSHAKE_DONE", Wire.Frame(0x1e), TransportErrorCodeName.FrameEncodingError },
        { "DATAGRAM, not negotiated", Wire.Frame(0x31, 0), TransportErrorCodeName.FrameEncodingError },
        { "unknown type", Wire.Frame(0x1234, 0), TransportErrorCodeName.FrameEncodingError },
        { "type not in its shortest form", [0x40, 0x10, 1], TransportErrorCodeName.ProtocolViolation },
        { "type cut off", [0x40], TransportErrorCodeName.FrameEncodingError },
        { "STREAM cut off in its header", [0x0e, 0], TransportErrorCodeName.FrameEncodingError },
        { "STREAM cut off in its data", [0x0e, 0, 0, 5, 1, 2], TransportErrorCodeName.FrameEncodingError },
        { "RESET_STREAM cut off", Wire.Frame(0x04, 0, 1), TransportErrorCodeName.FrameEncodingError },
        { "STOP_SENDING cut off", Wire.Frame(0x05, 0), TransportErrorCodeName.FrameEncodingError },
        { "MAX_DATA cut off", Wire.Frame(0x10), TransportErrorCodeName.FrameEncodingError },
        { "MAX_STREAM_DATA cut off", Wire.Frame(0x11, 0), TransportErrorCodeName.FrameEncodingError },
        { "DATA_BLOCKED cut off", Wire.Frame(0x14), TransportErrorCodeName.FrameEncodingError },
        { "STREAM_DATA_BLOCKED cut off", Wire.Frame(0x15, 0), TransportErrorCodeName.FrameEncodingError },
        { "CONNECTION_CLOSE cut off in its reason", Wire.Frame(0x1d, 0, 10), TransportErrorCodeName.FrameEncodingError },
        { "QX_PING cut off", Wire.Frame(0x348c67529ef8c7bd), TransportErrorCodeName.FrameEncodingError },
        { "STREAM beyond 2^62-1", [0x0e, 0, .. Wire.Integers(VariableLengthInteger.MaxValue, 1), 1], TransportErrorCodeName.FrameEncodingError },
        { "MAX_STREAMS above 2^60, bidirectional", Wire.Frame(0x12, TwoTo60 + 1), TransportErrorCodeName.FrameEncodingError },
        { "MAX_STREAMS above 2^60, unidirectional", Wire.Frame(0x13, TwoTo60 + 1), TransportErrorCodeName.FrameEncodingError },
        { "STREAMS_BLOCKED above 2^60, bidirectional", Wire.Frame(0x16, TwoTo60 + 1), TransportErrorCodeName.FrameEncodingError },
        { "STREAMS_BLOCKED above 2^60, unidirectional", Wire.Frame(0x17, TwoTo60 + 1), TransportErrorCodeName.FrameEncodingError },
        { "parameters again", Wire.Parameters(), TransportErrorCodeName.ProtocolViolation },
        { "STREAM with a gap", Wire.Stream(0, 1, [1]), TransportErrorCodeName.ProtocolViolation },
        { "STREAM that repeats", [.. Wire.Stream(0, 0, [1, 2]), .. Wire.Stream(0, 0, [1, 2])], TransportErrorCodeName.ProtocolViolation },
        { "more than a stream allows", Wire.Stream(0, 0, new byte[1001]), TransportErrorCodeName.FlowControlError },
        { "more than the connection allows", [.. Enumerable.Range(0, 5).SelectMany(i => Wire.Stream(i * 4, 0, new byte[900]))], TransportErrorCodeName.FlowControlError },
        { "RESET_STREAM beyond the stream's limit", Wire.Frame(0x04, 0, 1, 1001), TransportErrorCodeName.FlowControlError },
        { "RESET_STREAMs beyond the connection's limit", [.. Enumerable.Range(0, 5).SelectMany(i => Wire.Frame(0x04, i * 4, 1, 900))], TransportErrorCodeName.FlowControlError },
        { "one bidirectional stream too many", Wire.Stream(8 * 4, 0, [1]), TransportErrorCodeName.StreamLimitError },
        { "one unidirectional stream too many", Wire.Stream((8 * 4) + 2, 0, [1]), TransportErrorCodeName.StreamLimitError },
        { "STOP_SENDING for one stream too many", Wire.Frame(0x05, 8 * 4, 1), TransportErrorCodeName.StreamLimitError },
        { "STREAM on a stream that only this side writes", Wire.Stream(3, 0, [1]), TransportErrorCodeName.StreamStateError },
        { "RESET_STREAM on a stream that only this side writes", Wire.Frame(0x04, 3, 1, 0), TransportErrorCodeName.StreamStateError },
        { "STREAM_DATA_BLOCKED on a stream that only this side writes", Wire.Frame(0x15, 3, 1), TransportErrorCodeName.StreamStateError },
        { "STOP_SENDING on a stream that only the peer writes", Wire.Frame(0x05, 2, 1), TransportErrorCodeName.StreamStateError },
        { "MAX_STREAM_DATA on a stream that only the peer writes", Wire.Frame(0x11, 2, 1), TransportErrorCodeName.StreamStateError },
        { "STREAM on a stream that this side did not open", Wire.Stream(1, 0, [1]), TransportErrorCodeName.StreamStateError },
        { "STOP_SENDING on a stream that this side did not open", Wire.Frame(0x05, 1, 1), TransportErrorCodeName.StreamStateError },
        { "MAX_STREAM_DATA on a stream that this side did not open", Wire.Frame(0x11, 3, 1), TransportErrorCodeName.StreamStateError },
        { "data after the end", [.. Wire.Stream(0, 0, [1], fin: true), .. Wire.Stream(0, 1, [1])], TransportErrorCodeName.FinalSizeError },
        { "an end before the end", [.. Wire.Stream(0, 0, [1, 2], fin: true), .. Wire.Stream(0, 0, [1], fin: true)], TransportErrorCodeName.FinalSizeError },
        { "RESET_STREAM with another size than the end", [.. Wire.Stream(0, 0, [1], fin: true), .. Wire.Frame(0x04, 0, 1, 2)], TransportErrorCodeName.FinalSizeError },
        { "RESET_STREAM with less than was sent", [.. Wire.Stream(0, 0, [1, 2]), .. Wire.Frame(0x04, 0, 1, 1)], TransportErrorCodeName.FinalSizeError },
        { "data after RESET_STREAM", [.. Wire.Frame(0x04, 0, 1, 1), .. Wire.Stream(0, 1, [1])], TransportErrorCodeName.FinalSizeError },
        { "QX_PING that repeats a number", [.. Wire.Frame(0x348c67529ef8c7bd, 5), .. Wire.Frame(0x348c67529ef8c7bd, 5)], TransportErrorCodeName.ProtocolViolation },
        { "QX_PING answered that was not sent", Wire.Frame(0x348c67529ef8c7be, 0), TransportErrorCodeName.ProtocolViolation },
    };

    [Theory]
    [MemberData(nameof(Violations))]
    public void A_broken_rule_closes_with_the_code_that_the_RFC_or_the_draft_names(
        string rule, byte[] frames, TransportErrorCodeName code)
    {
        Assert.NotEmpty(rule);
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send(frames);
        peer.AssertViolated((TransportErrorCode)code);
    }

    [Theory]
    [MemberData(nameof(Violations))]
    public void What_breaks_a_rule_breaks_it_in_whatever_pieces_it_arrives(
        string rule, byte[] frames, TransportErrorCodeName code)
    {
        Assert.NotEmpty(rule);
        HandDrivenPeer peer = HandDrivenPeer.Started();
        byte[] held = [];
        foreach (byte next in Wire.Record(frames))
        {
            held = [.. held, next];
            held = held[peer.SendBytes(held)..];
        }

        peer.AssertViolated((TransportErrorCode)code);
    }

    [Fact]
    public void Any_frame_before_the_parameters_is_a_violation()
    {
        foreach (byte[] frame in new[] { Wire.Frame(0x00), Wire.Stream(0, 0, [1]), Wire.Frame(0x10, 5), Wire.Frame(0x1d, 0, 0) })
        {
            var peer = new HandDrivenPeer();
            peer.Send(frame);
            peer.AssertViolated(TransportErrorCode.ProtocolViolation);
        }
    }

    [Fact]
    public void A_record_above_the_declared_size_is_a_violation_as_soon_as_its_size_has_arrived()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.SendBytes(Wire.Integers(16383));
        peer.AssertViolated(TransportErrorCode.FrameEncodingError);
    }

    [Fact]
    public void An_empty_record_is_a_violation()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.SendBytes([0]);
        peer.AssertViolated(TransportErrorCode.ProtocolViolation);
    }

    [Fact]
    public void The_close_names_the_frame_at_fault()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send(Wire.Frame(0x05, 2, 1));
        WireFrame close = Assert.Single(peer.Receive());
        Assert.Equal([(long)TransportErrorCode.StreamStateError, 0x05], close.Fields);
    }

    [Fact]
    public void After_a_violation_everything_that_comes_is_dropped()
    {
        HandDrivenPeer peer = HandDrivenPeer.Started();
        peer.Send(Wire.Frame(0x01));
        Assert.Equal(3, peer.SendBytes([0xff, 0xff, 0xff]));
        peer.Send(Wire.Frame(0x1d, 7, 0));
        peer.AssertViolated(TransportErrorCode.FrameEncodingError);
    }
}
