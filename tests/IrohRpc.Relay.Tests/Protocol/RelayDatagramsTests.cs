using CsCheck;
using IrohRpc.Reach.Relay.Protocol;

namespace IrohRpc.Relay.Tests.Protocol;

public sealed class RelayDatagramsTests
{
    private static readonly EndpointId Peer = new([.. Enumerable.Range(1, 32).Select(static i => (byte)i)]);
    private static readonly EndpointId Other = new([.. Enumerable.Range(101, 32).Select(static i => (byte)i)]);

    [Fact]
    public void One_datagram_is_written_as_iroh_writes_it()
    {
        var datagrams = new RelayDatagrams(Peer, RelayEcn.Ect0, 3, [7, 8, 9]);
        var message = new byte[datagrams.MessageLength];
        datagrams.Write(message);
        Assert.Equal([4, .. Peer.ToByteArray(), 2, 7, 8, 9], message);
    }

    [Fact]
    public void Several_datagrams_are_written_with_their_length_in_network_order()
    {
        var datagrams = new RelayDatagrams(Peer, RelayEcn.CongestionExperienced, 2, [1, 2, 3, 4, 5]);
        var message = new byte[datagrams.MessageLength];
        datagrams.Write(message);
        Assert.Equal([5, .. Peer.ToByteArray(), 3, 0, 2, 1, 2, 3, 4, 5], message);
    }

    [Fact]
    public void The_relay_passes_on_what_it_got_with_the_sender_in_the_place_of_the_receiver()
    {
        foreach (byte type in (byte[])[4, 5])
        {
            byte[] message = [type, .. Peer.ToByteArray(), 1, 0, 2, 1, 2, 3];
            RelayDatagrams.Readdress(message, Other);
            Assert.Equal([(byte)(type + 2), .. Other.ToByteArray(), 1, 0, 2, 1, 2, 3], message);
        }
    }

    [Fact]
    public void What_was_written_is_read_again()
        => Gen.Select(Gen.Byte.Array[1, 4000], Gen.Int[1, 1500], Gen.Int[0, 3]).Sample((bytes, size, ecn) =>
        {
            size = Math.Min(size, bytes.Length);
            var datagrams = new RelayDatagrams(Peer, (RelayEcn)ecn, size, bytes);
            var message = new byte[datagrams.MessageLength];
            datagrams.Write(message);
            Assert.True(RelayDatagrams.TryParse(message, out RelayDatagrams read, out _));
            Assert.Equal(Peer, read.Peer);
            Assert.Equal((RelayEcn)ecn, read.Ecn);
            Assert.Equal(size, read.SegmentSize);
            Assert.Equal(bytes, read.Bytes.ToArray());
        });

    [Fact]
    public void What_is_cut_short_or_out_of_range_is_refused()
    {
        byte[] single = [4, .. Peer.ToByteArray(), 0, 9];
        byte[] batch = [5, .. Peer.ToByteArray(), 0, 0, 1, 9];
        for (int length = 1; length < single.Length; length++)
        {
            Assert.False(RelayDatagrams.TryParse(single.AsSpan(0, length), out _, out _));
        }

        for (int length = 1; length < batch.Length; length++)
        {
            Assert.False(RelayDatagrams.TryParse(batch.AsSpan(0, length), out _, out _));
        }

        single[33] = 4;
        Assert.False(RelayDatagrams.TryParse(single, out _, out string? problem));
        Assert.Contains("ECN", problem, StringComparison.Ordinal);
        batch[35] = 0;
        Assert.False(RelayDatagrams.TryParse(batch, out _, out problem));
        Assert.Contains("no bytes", problem, StringComparison.Ordinal);
    }
}
