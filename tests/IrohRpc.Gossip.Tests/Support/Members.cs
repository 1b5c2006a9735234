using System.Collections.Concurrent;
using System.Text;
using IrohRpc.Transports;

namespace IrohRpc.Gossip.Tests.Support;

/// <summary>Members of one topic over real connections, in memory or on sockets; disposing ends them all.</summary>
internal sealed class Members(string? alpn = null, bool onSockets = true) : IAsyncDisposable
{
    private readonly MemoryNetwork _network = new();
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly List<Member> _members = [];
    private readonly ConcurrentDictionary<EndpointId, EndpointAddress> _addresses = new();
    private readonly ChangeSignal _neighborsChanged = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public int EventQueueCapacity { get; init; } = 1024;

    public int MaxMessagesPerSecond { get; init; } = 5000;

    public int SendQueueCapacity { get; init; } = 1024;

    public int MaxPeers { get; init; } = 1024;

    public static TopicId Topic { get; } = TopicId.FromName("test");

    /// <summary>
    /// Waits until these members hang together and have no other neighbours: those that are gone were noticed, and whatever any of them says reaches all.
    /// </summary>
    public async Task WhenConnectedAsync(IReadOnlyList<Member> members)
    {
        foreach (Member member in members)
        {
            member.Listen();
        }

        try
        {
            await WhenAsync(() => AreConnected(members));
        }
        catch (OperationCanceledException)
        {
            IEnumerable<string> views = members.Select(static member
                => $"{member.Endpoint.Id.ToShortString()} has {string.Join(", ", member.Topic.Neighbors.Select(static neighbor => neighbor.ToShortString()))}");
            throw new TimeoutException($"The members do not find together: {string.Join("; ", views)}.");
        }
    }

    /// <summary>Waits until a member has these neighbours, and perhaps others.</summary>
    public async Task WhenNeighborsAsync(Member member, params EndpointId[] neighbors)
    {
        member.Listen();
        await WhenAsync(() => neighbors.All(member.Topic.Neighbors.Contains));
    }

    /// <summary>Has every member say something once, which all others hear.</summary>
    public async Task EachHearsEachAsync(IReadOnlyList<Member> members, string word)
    {
        await WhenConnectedAsync(members);
        foreach (Member speaker in members)
        {
            string text = $"{word} from {speaker.Endpoint.Id}";
            await speaker.Topic.BroadcastAsync(Encoding.UTF8.GetBytes(text), Cancellation);
            await Task.WhenAll(members.Where(member => member != speaker).Select(member => member.HearAsync(text)));
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
            SendQueueCapacity = SendQueueCapacity,
            MaxPeers = MaxPeers,
            LoggerFactory = new TestOutputLog(endpoint.Id.ToShortString()),

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
        var member = new Member(endpoint, gossip, topic, _neighborsChanged);
        _members.Add(member);
        return member;
    }

    public async ValueTask DisposeAsync()
    {
        _owned.Reverse();
        foreach (IAsyncDisposable owned in _owned)
        {
            await owned.DisposeAsync();
        }

        await Task.WhenAll(_members.Select(static member => member.Ended));
    }

    private async Task WhenAsync(Func<bool> isTrue)
    {
        while (true)
        {
            Task change = _neighborsChanged.Next;
            if (isTrue())
            {
                return;
            }

            await change.WaitAsync(Cancellation);
        }
    }

    // An edge counts that both ends have.
    private static bool AreConnected(IReadOnlyList<Member> members)
    {
        var neighbors = members.ToDictionary(static member => member.Endpoint.Id, static member => member.Topic.Neighbors);
        if (neighbors.Values.Any(ids => ids.Any(id => !neighbors.ContainsKey(id))))
        {
            return false;
        }

        var reached = new HashSet<EndpointId>();
        var next = new Stack<EndpointId>([members[0].Endpoint.Id]);
        while (next.TryPop(out EndpointId at))
        {
            if (reached.Add(at))
            {
                foreach (EndpointId neighbor in neighbors[at].Where(neighbor => neighbors[neighbor].Contains(at)))
                {
                    next.Push(neighbor);
                }
            }
        }

        return reached.Count == members.Count;
    }
}
