using CsCheck;
using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

/// <summary>Whatever bytes arrive, the session takes them, or closes with a code; it never throws and never hoards.</summary>
public sealed class HostileBytesTests
{
    [Fact]
    public void Random_bytes_only_ever_end_in_a_close_with_a_code()
        => Gen.Byte.Array[0, 3000].Sample(bytes => Feed(new HandDrivenPeer(), bytes), iter: 2000);

    [Fact]
    public void Random_records_of_random_frames_only_ever_end_in_a_close_with_a_code()
        => GenFrames.Array[1, 40].Sample(
            frames => Feed(HandDrivenPeer.Started(), [.. frames.SelectMany(f => Wire.Record(f))]), iter: 4000);

    [Fact]
    public void A_valid_conversation_with_bytes_changed_only_ever_ends_in_a_close_with_a_code()
        => Gen.Select(Gen.Int[0, 400], Gen.Byte, Gen.Int[0, 400], Gen.Byte).Sample(
            (place, value, other, otherValue) =>
            {
                byte[] bytes = Conversation();
                bytes[place % bytes.Length] = value;
                bytes[other % bytes.Length] = otherValue;
                Feed(new HandDrivenPeer(), bytes);
            },
            iter: 4000);

    [Fact]
    public void A_valid_conversation_stays_open()
    {
        var peer = new HandDrivenPeer();
        Feed(peer, Conversation());
        Assert.Equal(QMuxSessionState.Open, peer.Session.State);
    }

    private static Gen<byte[]> GenFrames
    {
        get
        {
            Gen<long> type = Gen.OneOf(
                Gen.Long[0, 0x20], Gen.Const(0x348c67529ef8c7bd), Gen.Const(0x348c67529ef8c7be), Gen.Const(0x3f5153300d0a0d0a));
            Gen<long> value = Gen.OneOf(Gen.Long[0, 40], Gen.Long[0, 2000], Gen.Long[0, VariableLengthInteger.MaxValue]);
            return Gen.Select(type, value.Array[0, 4], Gen.Byte.Array[0, 100])
                .Select((t, fields, data) => (byte[])[.. Wire.Frame(t, fields), .. data]);
        }
    }

    private static byte[] Conversation() =>
    [
        .. Wire.Record(Wire.Parameters(8, 1000, 4000)),
        .. Wire.Record(Wire.Stream(0, 0, [1, 2, 3]), Wire.Stream(2, 0, [4, 5], fin: true), Wire.Frame(0x348c67529ef8c7bd, 1)),
        .. Wire.Record(Wire.Stream(0, 3, new byte[200]), Wire.Frame(0x10, 9000), Wire.Frame(0x12, 20), Wire.Frame(0x13, 20)),
        .. Wire.Record(Wire.Frame(0x04, 4, 1, 10), Wire.Frame(0x05, 0, 1), Wire.Frame(0x14, 1), Wire.Frame(0x15, 0, 1)),
        .. Wire.Record(Wire.Frame(0x16, 8), Wire.Frame(0x17, 8), new byte[20], Wire.Stream(0, 203, [], fin: true)),
    ];

    private static void Feed(HandDrivenPeer peer, byte[] bytes)
    {
        byte[] held = [];
        foreach (byte[] piece in bytes.Chunk(97))
        {
            held = [.. held, .. piece];
            held = held[peer.SendBytes(held)..];
            Assert.InRange(held.Length, 0, QMuxSession.MaxRecordLength);

            // 4,000 bytes may come in all before anything is read, in pieces whose smallest place is 512 bytes.
            Assert.InRange(peer.Session.Streams.Segments.RentedBytes, 0, (16 * 512) + (4 * 4000));
            Assert.InRange(peer.Session.Streams.StreamCount, 0, 16);
        }

        if (peer.Session.State == QMuxSessionState.Violated)
        {
            Assert.NotEqual(0, peer.Session.Close!.ErrorCode);
            Assert.Single(peer.Receive(), f => f.Type == 0x1c);
        }
        else
        {
            Assert.Contains(peer.Session.State, new[] { QMuxSessionState.Open, QMuxSessionState.ClosedByPeer });
            Assert.InRange(peer.ReceiveRecords().Count, 0, 5);
        }
    }
}
