using System.Collections.Concurrent;
using IrohRpc.Transports;

namespace IrohRpc.Gossip.Tests.Support;

/// <summary>Members of one topic over real connections, in memory or on sockets; disposing ends them all.</summary>
internal sealed class Members(string? alpn = null, bool onSockets = true) : IAsyncDisposable
{
    private static readonly TopicId Topic = TopicId.FromName("test");

    private readonly MemoryNetwork _network = new();
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly ConcurrentDictionary<EndpointId, EndpointAddress> _addresses = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public int EventQueueCapacity { get; init; } = 1024;

    public int MaxMessagesPerSecond { get; init; } = 5000;

    /// <summary>Has every member say something that all others hear, so that messages find their way from now on.</summary>
    public static async Task EachHearsEachAsync(IReadOnlyList<Member> members, string word)
    {
        foreach (Member speaker in members)
        {
            await speaker.SayUntilHeardAsync($"{word} from {speaker.Endpoint.Id}", members.Where(member => member != speaker));
        }
    }

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

    public async Task<Member> AddAsync(params IEnumerable<Member> through)
    {
        PeerEndpoint endpoint = await BindAsync();
        _addresses[endpoint.Id] = endpoint.Address;
        var options = new GossipOptions
        {
            EventQueueCapacity = EventQueueCapacity,
            MaxMessagesPerSecond = MaxMessagesPerSecond,

            // Members that lost each other meet again at a shuffle, which comes each minute by default.
            Settings = new() { FirstShuffleDelay = TimeSpan.FromSeconds(1), ShuffleInterval = TimeSpan.FromSeconds(2) },
            RejoinInterval = TimeSpan.FromSeconds(2),
        };
        if (alpn is not null)
        {
            options.DialAlpns = [alpn];
        }

        if (!onSockets)
        {
            // What members tell each other has room for IP addresses only.
            options.AddressLookup = id => _addresses.GetValueOrDefault(id);
        }

        var gossip = new Gossip(endpoint, options);
        _owned.Add(gossip);
        _owned.Add(await endpoint.Route().MapGossip(gossip).StartAsync(Cancellation));
        GossipTopic topic = gossip.Join(Topic, through.Select(static member => member.Endpoint.Address));
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
