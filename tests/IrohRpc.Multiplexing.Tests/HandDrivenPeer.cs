using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

/// <summary>A session under test, and the peer that a test plays by hand.</summary>
internal sealed class HandDrivenPeer
{
    private readonly byte[] _buffer = new byte[64 * 1024];

    public HandDrivenPeer(
        bool isClient = false, StreamLimits? limits = null, TimeSpan? keepAlive = null, long idleMilliseconds = 30_000,
        ReceiveWindows? windows = null)
    {
        Session = new QMuxSession(
            isClient,
            new QMuxTransportParameters { Limits = limits ?? Limits(), MaxIdleTimeout = idleMilliseconds },
            keepAlive,
            TimeSpan.Zero,
            windows);
    }

    public QMuxSession Session { get; }

    public TimeSpan Now { get; set; }

    public static StreamLimits Limits(long streams = 8, long bytes = 1000, long allBytes = 4000) => new()
    {
        MaxData = allBytes,
        MaxStreamDataBidirectionalLocal = bytes,
        MaxStreamDataBidirectionalRemote = bytes,
        MaxStreamDataUnidirectional = bytes,
        MaxStreamsBidirectional = streams,
        MaxStreamsUnidirectional = streams,
    };

    /// <summary>A session to which the peer has sent its parameters, and whose own are out of the way.</summary>
    public static HandDrivenPeer Started(
        bool isClient = false, StreamLimits? limits = null, TimeSpan? keepAlive = null, long streams = 8, long bytes = 1000,
        long allBytes = 4000, ReceiveWindows? windows = null)
    {
        var peer = new HandDrivenPeer(isClient, limits, keepAlive, windows: windows);
        peer.Send(Wire.Parameters(streams, bytes, allBytes));
        peer.Receive();
        return peer;
    }

    public void Send(params byte[][] frames) => SendBytes(Wire.Record(frames));

    public int SendBytes(byte[] bytes) => Session.Receive(bytes, Now);

    public List<WireFrame> Receive() => [.. ReceiveRecords().SelectMany(r => r)];

    public List<List<WireFrame>> ReceiveRecords()
    {
        var records = new List<List<WireFrame>>();
        int count;
        while ((count = Session.Send(_buffer, Now)) > 0)
        {
            records.AddRange(WireFrame.DecodeRecords(_buffer.AsSpan(0, count)));
        }

        return records;
    }

    public MultiplexedStream Accept(bool bidirectional = true)
        => Session.Streams.TryAccept(bidirectional) ?? throw new InvalidOperationException("No stream was opened.");

    public MultiplexedStream Open(bool bidirectional = true)
        => Session.Streams.TryOpen(bidirectional) ?? throw new InvalidOperationException("No stream may be opened.");

    /// <summary>What happened to <paramref name="stream"/> since the last time; what happened to others is forgotten.</summary>
    public StreamEvents TakeEvents(MultiplexedStream stream)
    {
        StreamEvents found = StreamEvents.None;
        while (Session.Streams.TryTakeEvent(out MultiplexedStream other, out StreamEvents events))
        {
            found |= other == stream ? events : StreamEvents.None;
        }

        return found;
    }

    public void AssertViolated(TransportErrorCode code)
    {
        Assert.Equal(QMuxSessionState.Violated, Session.State);
        Assert.Equal(code, (TransportErrorCode)Session.Close!.ErrorCode);
        WireFrame close = Assert.Single(Receive(), f => f.Type == 0x1c);
        Assert.Equal((long)code, close.Fields[0]);
        Assert.NotEmpty(close.Data);
        Assert.False(Session.HasOutput);
    }
}
