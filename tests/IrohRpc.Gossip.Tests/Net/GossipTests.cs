using System.Text;
using IrohRpc.Gossip.Net;
using IrohRpc.Gossip.Tests.Support;

namespace IrohRpc.Gossip.Tests.Net;

/// <summary>Members over real connections, in memory and on sockets, with both versions of the protocol.</summary>
public sealed class GossipTests
{
    // A bound and no wait: whoever waits longer than this waits for what never comes.
    private const int Patience = 120_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(Timeout = Patience)]
    [InlineData(GossipProtocol.Alpn, false)]
    [InlineData(GossipProtocol.OldAlpn, false)]
    [InlineData(GossipProtocol.Alpn, true)]
    [InlineData(GossipProtocol.OldAlpn, true)]
    public async Task Six_members_hear_each_other_and_go_on_when_some_leave_or_die(string alpn, bool onSockets)
    {
        await using var members = new Members(alpn, onSockets);
        var all = new List<Member> { await members.AddAsync() };
        for (int i = 1; i < 6; i++)
        {
            all.Add(await members.AddAsync(all[0]));
        }

        await members.EachHearsEachAsync(all, "first");
        await all[0].Topic.DisposeAsync();
        all.RemoveAt(0);
        await all[0].Endpoint.DisposeAsync();
        all.RemoveAt(0);
        await members.EachHearsEachAsync(all, "second");
    }

    [Fact(Timeout = Patience)]
    public async Task A_message_to_neighbors_says_so()
    {
        await using var members = new Members(GossipProtocol.Alpn, onSockets: false);
        Member one = await members.AddAsync();
        Member two = await members.AddAsync(one);
        await one.Topic.WaitForNeighborAsync(Cancellation);
        await one.Topic.BroadcastToNeighborsAsync("psst"u8.ToArray(), Cancellation);
        GossipEvent.Message message = await two.MessageAsync();
        Assert.Equal((one.Endpoint.Id, null), (message.DeliveredFrom, message.Hops));
    }

    [Fact(Timeout = Patience)]
    public async Task A_reader_that_lags_is_told_how_much_it_missed()
    {
        await using var members = new Members(GossipProtocol.Alpn, onSockets: false) { EventQueueCapacity = 4 };
        Member one = await members.AddAsync();
        for (byte i = 0; i < 20; i++)
        {
            one.Topic.Raise(new GossipEvent.Message(new byte[] { i }, one.Endpoint.Id, 1));
        }

        GossipEvent[] events = await one.Topic.ReadEventsAsync(Cancellation).Take(3).ToArrayAsync(Cancellation);
        Assert.Equal(0, Assert.IsType<GossipEvent.Message>(events[0]).Content.Span[0]);
        Assert.Equal(new GossipEvent.Lagged(16), events[1]);
        Assert.Equal(1, Assert.IsType<GossipEvent.Message>(events[2]).Content.Span[0]);
    }

    [Fact(Timeout = Patience)]
    public async Task What_is_too_large_is_refused_where_it_is_sent()
    {
        await using var members = new Members(GossipProtocol.Alpn, onSockets: false);
        Member one = await members.AddAsync();
        Member two = await members.AddAsync(one);
        await one.Topic.WaitForNeighborAsync(Cancellation);
        await Assert.ThrowsAsync<ArgumentException>(async () => await one.Topic.BroadcastAsync(new byte[one.Topic.MaxContentSize + 1], Cancellation));
        await one.Topic.BroadcastAsync(new byte[one.Topic.MaxContentSize], Cancellation);
        Assert.Equal(one.Topic.MaxContentSize, (await two.MessageAsync()).Content.Length);
    }

    [Theory(Timeout = Patience)]
    [InlineData(GossipProtocol.Alpn)]
    [InlineData(GossipProtocol.OldAlpn)]
    public async Task A_peer_that_breaks_the_protocol_is_dropped_and_not_let_in_again(string alpn)
    {
        await using var members = new Members(alpn, onSockets: false);
        Member one = await members.AddAsync();
        Member two = await members.AddAsync(one);
        await one.Topic.WaitForNeighborAsync(Cancellation);
        PeerEndpoint stranger = await members.BindAsync();
        Assert.Equal((PeerErrorKind.ClosedByPeer, 1L), await BreakTheProtocolAsync(stranger, one, alpn));
        Assert.Equal((PeerErrorKind.ClosedByPeer, 1L), await BreakTheProtocolAsync(stranger, one, alpn));

        await one.Topic.BroadcastAsync("still here"u8.ToArray(), Cancellation);
        Assert.Equal("still here", Encoding.UTF8.GetString((await two.MessageAsync()).Content.Span));
    }

    [Fact(Timeout = Patience)]
    public async Task A_peer_that_floods_is_dropped()
    {
        await using var members = new Members(GossipProtocol.OldAlpn, onSockets: false) { MaxMessagesPerSecond = 1 };
        Member one = await members.AddAsync();
        PeerEndpoint stranger = await members.BindAsync();
        await using PeerConnection connection = await stranger.DialAsync(one.Endpoint.Address, GossipProtocol.OldAlpn, Cancellation);
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(Cancellation);

        // A thousand frames for a topic of nobody's: 32 bytes of topic and the shortest message that there is.
        byte[] frame = [0, 0, 0, 35, .. new byte[32], 0, 0, 0];
        try
        {
            await stream.WriteAsync(Enumerable.Repeat(frame, 1000).SelectMany(static bytes => bytes).ToArray(), Cancellation);
        }
        catch (PeerException)
        {
            // It was closed under the write.
        }

        ConnectionEnd end = await connection.Closed.WaitAsync(Cancellation);
        Assert.Equal((PeerErrorKind.ClosedByPeer, 1L), (end.Kind, end.ErrorCode));
    }

    [Theory(Timeout = Patience)]
    [InlineData(GossipProtocol.Alpn)]
    [InlineData(GossipProtocol.OldAlpn)]
    public async Task A_neighbor_that_does_not_read_is_dropped_and_the_others_lose_nothing(string alpn)
    {
        const int Capacity = 16;
        await using var members = new Members(alpn, onSockets: false) { SendQueueCapacity = Capacity };
        Member one = await members.AddAsync();
        Member two = await members.AddAsync(one);
        await members.WhenConnectedAsync([one, two]);
        PeerEndpoint stranger = await members.BindAsync();
        await using PeerConnection connection = await stranger.DialAsync(one.Endpoint.Address, alpn, Cancellation);
        await using PeerStream? stream = await Stranger.JoinAsync(connection, Members.Topic);
        await members.WhenNeighborsAsync(one, stranger.Id);

        // Each message has arrived at the other member before the next is sent: whoever reads is never behind.
        int sent = 0;
        while (!connection.Closed.IsCompleted)
        {
            var content = new byte[one.Topic.MaxContentSize];
            BitConverter.TryWriteBytes(content, sent++);
            await one.Topic.BroadcastAsync(content, Cancellation);
            Assert.Equal(content, (await two.MessageAsync()).Content.ToArray());
            Assert.True(sent < 10_000, "Nobody minds that the stranger does not read.");
        }

        Assert.InRange(sent, Capacity, 10_000);
        ConnectionEnd end = await connection.Closed;
        Assert.Equal((PeerErrorKind.ClosedByPeer, 1L, "too slow"), (end.Kind, end.ErrorCode, end.Reason));
        await members.WhenConnectedAsync([one, two]);
    }

    [Theory(Timeout = Patience)]
    [InlineData(GossipProtocol.Alpn)]
    [InlineData(GossipProtocol.OldAlpn)]
    public async Task So_many_peers_connect_at_a_time_and_no_more(string alpn)
    {
        Assert.Equal(1024, new GossipOptions().MaxPeers);
        await using var members = new Members(alpn, onSockets: false) { MaxPeers = 3 };
        Member one = await members.AddAsync();
        PeerConnection? first = null;
        for (int i = 0; i < 3; i++)
        {
            PeerEndpoint stranger = await members.BindAsync();
            PeerConnection connection = await stranger.DialAsync(one.Endpoint.Address, alpn, Cancellation);
            await Stranger.JoinAsync(connection, Members.Topic);
            await members.WhenNeighborsAsync(one, stranger.Id);
            first ??= connection;
        }

        PeerEndpoint late = await members.BindAsync();
        PeerConnection refused = await late.DialAsync(one.Endpoint.Address, alpn, Cancellation);
        ConnectionEnd end = await refused.Closed.WaitAsync(Cancellation);
        Assert.Equal((PeerErrorKind.ClosedByPeer, 1L, "not now"), (end.Kind, end.ErrorCode, end.Reason));

        // The place of one who has left is free once that was noticed.
        await first!.CloseAsync(0, "", Cancellation);
        Task entered = members.WhenNeighborsAsync(one, late.Id);
        while (!entered.IsCompleted)
        {
            PeerConnection next = await late.DialAsync(one.Endpoint.Address, alpn, Cancellation);
            await Stranger.JoinAsync(next, Members.Topic);
            await await Task.WhenAny(entered, next.Closed);
        }

        Assert.Equal(3, one.Topic.Neighbors.Count);
    }

    [Fact]
    public void Addresses_that_others_say_are_bounded()
    {
        var book = new AddressBook();
        var ids = new List<EndpointId>();
        for (int i = 0; i < 5_000; i++)
        {
            var bytes = new byte[EndpointId.Size];
            BitConverter.TryWriteBytes(bytes, i);
            ids.Add(new EndpointId(bytes));
            book.Add(new EndpointAddress(ids[^1], TransportAddress.Ip(new(System.Net.IPAddress.Loopback, 1 + i))));
        }

        for (int port = 1; port <= 100; port++)
        {
            book.Add(new EndpointAddress(ids[^1], TransportAddress.Ip(new(System.Net.IPAddress.Loopback, port))));
        }

        Assert.Equal(4096, ids.Count(id => book.Find(id) is not null));
        Assert.Equal(32, book.Find(ids[^1])!.Addresses.Count);
        Assert.Contains(book.Find(ids[^1])!.Addresses, static address => address.ToEndPoint()!.Port == 100);
    }

    [Fact(Timeout = Patience)]
    public async Task A_topic_that_was_left_ends_its_events_and_refuses_to_send()
    {
        await using var members = new Members(GossipProtocol.Alpn, onSockets: false);
        Member one = await members.AddAsync();
        await one.Topic.DisposeAsync();
        await foreach (GossipEvent _ in one.Topic.ReadEventsAsync(Cancellation))
        {
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await one.Topic.BroadcastAsync(new byte[1], Cancellation));
    }

    // How the connection ends, on which a frame is announced that is larger than any.
    private static async Task<(PeerErrorKind Kind, long? Code)> BreakTheProtocolAsync(PeerEndpoint stranger, Member member, string alpn)
    {
        try
        {
            await using PeerConnection connection = await stranger.DialAsync(member.Endpoint.Address, alpn, Cancellation);
            await using PeerStream stream = alpn == GossipProtocol.Alpn
                ? await connection.OpenUnidirectionalStreamAsync(Cancellation)
                : await connection.OpenBidirectionalStreamAsync(Cancellation);
            await stream.WriteAsync(new byte[] { 0x7f, 0xff, 0xff, 0xff, 1, 2, 3 }, Cancellation);

            // The stream stays open until then: what was written to one that is disposed of need not arrive.
            ConnectionEnd end = await connection.Closed.WaitAsync(Cancellation);
            return (end.Kind, end.ErrorCode);
        }
        catch (PeerException refused)
        {
            return (refused.Kind, refused.ErrorCode);
        }
    }
}
