using System.Text;
using IrohRpc.Transports;

namespace IrohRpc.Gossip.Tests.Net;

/// <summary>Members over real connections, in memory and on sockets, with both versions of the protocol.</summary>
public sealed class GossipTests
{
    private static readonly TopicId Topic = TopicId.FromName("test");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
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

        await Task.WhenAll(all.Select(member => member.Topic.WaitForNeighborAsync(Cancellation)));
        await EachHearsEachAsync(all, "first");

        await all[0].Topic.DisposeAsync();
        all.RemoveAt(0);
        await all[0].Endpoint.DisposeAsync();
        all.RemoveAt(0);
        await EachHearsEachAsync(all, "second");
    }

    [Fact]
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

    [Fact]
    public async Task A_reader_that_lags_is_told_how_much_it_missed()
    {
        await using var members = new Members(GossipProtocol.Alpn, onSockets: false) { EventQueueCapacity = 4 };
        Member one = await members.AddAsync();

        // With a third member the first neighbour might not be the one that reads, to whom then nothing would have been sent.
        Member two = await members.AddAsync(one);
        await one.Topic.WaitForNeighborAsync(Cancellation);
        for (int i = 0; i < 20; i++)
        {
            await one.Topic.BroadcastAsync(BitConverter.GetBytes(i), Cancellation);
        }

        await one.Topic.BroadcastAsync("end"u8.ToArray(), Cancellation);
        await foreach (GossipEvent happened in two.Topic.ReadEventsAsync(Cancellation))
        {
            if (happened is GossipEvent.Lagged lagged)
            {
                Assert.InRange(lagged.Missed, 1, 25);
                return;
            }
        }

        Assert.Fail("The reader was told of no gap.");
    }

    [Fact]
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

    [Theory]
    [InlineData(GossipProtocol.Alpn)]
    [InlineData(GossipProtocol.OldAlpn)]
    public async Task A_peer_that_breaks_the_protocol_is_dropped_and_not_let_in_again(string alpn)
    {
        await using var members = new Members(alpn, onSockets: false);
        Member one = await members.AddAsync();
        Member two = await members.AddAsync(one);
        await one.Topic.WaitForNeighborAsync(Cancellation);
        PeerEndpoint stranger = await members.BindAsync();
        for (int attempt = 0; attempt < 2; attempt++)
        {
            await using PeerConnection connection = await stranger.DialAsync(one.Endpoint.Address, alpn, Cancellation);
            try
            {
                await using PeerStream stream = alpn == GossipProtocol.Alpn
                    ? await connection.OpenUnidirectionalStreamAsync(Cancellation)
                    : await connection.OpenBidirectionalStreamAsync(Cancellation);
                await stream.WriteAsync(new byte[] { 0x7f, 0xff, 0xff, 0xff, 1, 2, 3 }, Cancellation);
                ConnectionEnd end = await connection.Closed.WaitAsync(Cancellation);
                Assert.Equal((PeerErrorKind.ClosedByPeer, 1L), (end.Kind, end.ErrorCode));
            }
            catch (PeerException refused)
            {
                Assert.Equal((1, PeerErrorKind.ClosedByPeer), (attempt, refused.Kind));
            }
        }

        await one.Topic.BroadcastAsync("still here"u8.ToArray(), Cancellation);
        Assert.Equal("still here", Encoding.UTF8.GetString((await two.MessageAsync()).Content.Span));
    }

    [Fact]
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

    private static async Task EachHearsEachAsync(List<Member> members, string word)
    {
        foreach (Member speaker in members)
        {
            string text = $"{word} from {speaker.Endpoint.Id}";
            await speaker.SayUntilHeardAsync(text, members.Where(member => member != speaker));
        }
    }

    internal sealed record Member(PeerEndpoint Endpoint, Gossip Gossip, GossipTopic Topic, IAsyncEnumerator<GossipEvent> Events)
    {
        public async Task<GossipEvent.Message> MessageAsync()
        {
            while (await Events.MoveNextAsync())
            {
                if (Events.Current is GossipEvent.Message message)
                {
                    return message;
                }
            }

            throw new InvalidOperationException("The topic was left.");
        }

        // A member that died is noticed after a while, and what is said until then may not get past it: the same is then said anew.
        public async Task SayUntilHeardAsync(string text, IEnumerable<Member> listeners)
        {
            using var heard = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            Task listening = Task.WhenAll(listeners.Select(async listener =>
            {
                while (!Encoding.UTF8.GetString((await listener.MessageAsync()).Content.Span).StartsWith(text, StringComparison.Ordinal))
                {
                }
            }));
            for (int attempt = 0; !listening.IsCompleted; attempt++)
            {
                await Topic.BroadcastAsync(Encoding.UTF8.GetBytes($"{text}, attempt {attempt}"), Cancellation);
                await Task.WhenAny(listening, Task.Delay(500, Cancellation));
            }

            await listening;
        }
    }

    private sealed class Members(string alpn, bool onSockets) : IAsyncDisposable
    {
        private readonly MemoryNetwork _network = new();
        private readonly List<IAsyncDisposable> _owned = [];
        private readonly System.Collections.Concurrent.ConcurrentDictionary<EndpointId, EndpointAddress> _addresses = new();

        public int EventQueueCapacity { get; init; } = 1024;

        public async Task<PeerEndpoint> BindAsync()
        {
            var options = new PeerEndpointOptions();
            if (!onSockets)
            {
                options.Transports = [_network.Transport];
            }

            PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options, Cancellation);
            _owned.Add(endpoint);
            return endpoint;
        }

        public async Task<Member> AddAsync(Member? through = null)
        {
            PeerEndpoint endpoint = await BindAsync();
            _addresses[endpoint.Id] = endpoint.Address;
            var options = new GossipOptions { DialAlpns = [alpn], EventQueueCapacity = EventQueueCapacity };
            if (!onSockets)
            {
                // What members tell each other has room for IP addresses only.
                options.AddressLookup = id => _addresses.GetValueOrDefault(id);
            }

            var gossip = new Gossip(endpoint, options);
            _owned.Add(gossip);
            _owned.Add(await endpoint.Route().MapGossip(gossip).StartAsync(Cancellation));
            GossipTopic topic = gossip.Join(Topic, through is null ? [] : [through.Endpoint.Address]);
            return new Member(endpoint, gossip, topic, topic.ReadEventsAsync(Cancellation).GetAsyncEnumerator(Cancellation));
        }

        public async ValueTask DisposeAsync()
        {
            _owned.Reverse();
            foreach (IAsyncDisposable owned in _owned)
            {
                await owned.DisposeAsync();
            }
        }
    }
}
