using System.Text;

namespace IrohRpc.Transports.Conformance;

/// <summary>Datagrams and statistics of the path, where there are any; and a clear word where there are none.</summary>
public abstract class DatagramConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Datagram_arrives_whole_or_the_transport_says_that_it_has_none(Side sender)
    {
        ConnectedPair pair = await ConnectAsync();
        PeerConnection near = pair[sender];
        PeerConnection far = pair[sender == Side.Dialler ? Side.Acceptor : Side.Dialler];
        if (near.MaxDatagramLength is not { } max)
        {
            PeerException failure = Assert.Throws<PeerException>(() => near.SendDatagram("x"u8));
            Assert.Equal(PeerErrorKind.TransportUnsupported, failure.Kind);
            Assert.Contains(near.Transport, failure.Message);
            failure = await Assert.ThrowsAsync<PeerException>(() => near.ReceiveDatagramAsync(Token).AsTask());
            Assert.Equal(PeerErrorKind.TransportUnsupported, failure.Kind);
            return;
        }

        byte[] longest = Encoding.ASCII.GetBytes(new string('d', max));
        near.SendDatagram(longest);
        Assert.Equal(longest, (await far.ReceiveDatagramAsync(Token).AsTask().Bounded()).ToArray());
        near.SendDatagram([]);
        Assert.Empty((await far.ReceiveDatagramAsync(Token).AsTask().Bounded()).ToArray());
        Assert.Throws<ArgumentException>(() => near.SendDatagram(new byte[64 * 1024]));
    }

    [Fact]
    public async Task Wait_for_a_datagram_ends_with_its_token_and_loses_none()
    {
        ConnectedPair pair = await ConnectAsync();
        Assert.SkipWhen(pair.Dialler.MaxDatagramLength is null, "This transport carries no datagrams.");
        using var cancellation = new CancellationTokenSource();
        Task waiting = pair.Acceptor.ReceiveDatagramAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        pair.Dialler.SendDatagram([7]);
        Assert.Equal([7], (await pair.Acceptor.ReceiveDatagramAsync(Token).AsTask().Bounded()).ToArray());
    }

    [Fact]
    public async Task Wait_for_a_datagram_ends_with_the_connection()
    {
        ConnectedPair pair = await ConnectAsync();
        Assert.SkipWhen(pair.Dialler.MaxDatagramLength is null, "This transport carries no datagrams.");
        Task waiting = pair.Acceptor.ReceiveDatagramAsync(Token).AsTask();
        await pair.Dialler.CloseAsync(5, "", Token).Bounded();
        PeerException failure = await Assert.ThrowsAsync<PeerException>(() => waiting.Bounded());
        Assert.Equal(PeerErrorKind.ClosedByPeer, failure.Kind);
        await pair.Acceptor.Closed.Bounded();
        Assert.Throws<PeerException>(() => pair.Acceptor.SendDatagram([1]));
    }

    [Fact]
    public async Task Statistics_tell_of_what_was_sent_or_there_are_none()
    {
        ConnectedPair pair = await ConnectAsync();
        await pair.RoundTripAsync();
        if (pair.Dialler.GetPathStatistics() is not { } statistics)
        {
            return;
        }

        Assert.InRange(statistics.RoundTripTime!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
        Assert.True(statistics.MinRoundTripTime <= statistics.RoundTripTime * 2);
        Assert.InRange(statistics.MaxDatagramSize, 1200, 65535);
        Assert.True(statistics.BytesSent > 1200 && statistics.BytesReceived > 1200);
        Assert.True(statistics.PacketsSent > 0 && statistics.PacketsReceived > 0);
    }
}
