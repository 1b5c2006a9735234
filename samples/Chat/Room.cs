using IrohRpc;
using IrohRpc.Gossip;

namespace Chat;

/// <summary>One room: a topic whose members call each other through <see cref="IChat"/>.</summary>
internal sealed class Room : IAsyncDisposable
{
    private static readonly TimeSpan HereInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HistoryTimeout = TimeSpan.FromSeconds(20);

    private readonly Me _me;
    private readonly History _history;
    private readonly IChatView _view;
    private readonly GossipTopic _topic;
    private readonly TopicSubscription _subscription;
    private readonly IChat _everybody;
    private readonly Presence _presence = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly Task _meeting;
    private readonly Task _beating;

    public Room(string name, Me me, History history, IEnumerable<EndpointAddress> members, IChatView view)
    {
        Name = name;
        _me = me;
        _history = history;
        _view = view;
        _topic = me.Gossip.Join(TopicId.FromName("irohrpc-chat/" + name), members);
        _everybody = _topic.Broadcast<IChat>();
        _subscription = _topic.Subscribe<IChat>(new Ear(this));
        _meeting = MeetAsync();
        _beating = BeatAsync();
    }

    public string Name { get; }

    public IReadOnlyList<string> Present => _presence.Names;

    /// <exception cref="RpcException">The text is too long for one message.</exception>
    public ChatLine Say(string text)
    {
        ChatLine line = ChatLine.Sign(_me.Key, Name, _me.Nickname, text, DateTimeOffset.UtcNow);
        _everybody.Say(line, new CallContext(), _leaving.Token);
        _history.Keep(Name, line);
        return line;
    }

    public async ValueTask DisposeAsync()
    {
        _everybody.Bye(_me.Nickname, new CallContext(), CancellationToken.None);
        await _leaving.CancelAsync();
        await _subscription.DisposeAsync();
        await _topic.DisposeAsync();
        await Task.WhenAll(_meeting, _beating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _history.Forget(Name);
        _leaving.Dispose();
    }

    // Each new neighbour is told who is here, and asked what it has heard.
    private async Task MeetAsync()
    {
        await foreach (GossipEvent happened in _topic.ReadEventsAsync(_leaving.Token))
        {
            switch (happened)
            {
                case GossipEvent.NeighborUp up:
                    SayHere();
                    await AskForHistoryAsync(up.Peer);
                    break;
                case GossipEvent.Lagged lagged:
                    _view.Note(Name, $"{lagged.Missed} events came too fast");
                    break;
            }
        }
    }

    private async Task AskForHistoryAsync(EndpointId neighbor)
    {
        if (_me.Gossip.FindAddress(neighbor) is not { } address)
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
        patience.CancelAfter(HistoryTimeout);
        try
        {
            int count = 0;
            await foreach (ChatLine line in _me.Endpoint.Connect<IHistory>(address).RecentAsync(Name, patience.Token))
            {
                if (!line.IsGenuine(Name, DateTimeOffset.UtcNow) || ++count > History.Length)
                {
                    return;
                }

                Hear(line, isHistory: true);
            }
        }
        catch (Exception failure) when (failure is RpcException or IOException || (failure is OperationCanceledException && !_leaving.IsCancellationRequested))
        {
            // Another neighbour will tell.
        }
    }

    private void Hear(ChatLine line, bool isHistory)
    {
        if (!new EndpointId(line.Author).Equals(_me.Key.Id) && _history.Keep(Name, line))
        {
            _view.Line(Name, line, isHistory);
        }
    }

    private void SayHere() => _everybody.Here(_me.Nickname, new CallContext(), _leaving.Token);

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(HereInterval);
        while (await timer.WaitForNextTickAsync(_leaving.Token))
        {
            SayHere();
            foreach (string member in _presence.TakeGone(DateTimeOffset.UtcNow))
            {
                _view.Note(Name, $"{member} is gone");
            }
        }
    }

    private void See(EndpointId member, string name)
    {
        if (name is { Length: > 0 and <= ChatLine.MaxNameLength } && _presence.Saw(member, name, DateTimeOffset.UtcNow))
        {
            _view.Note(Name, $"{Presence.Describe(member, name)} is here");
        }
    }

    /// <summary>What the others call.</summary>
    private sealed class Ear(Room room) : IChat
    {
        public void Say(ChatLine line, CallContext context, CancellationToken cancellationToken)
        {
            if (line.IsGenuine(room.Name, DateTimeOffset.UtcNow) && new EndpointId(line.Author).Equals(context.PeerId))
            {
                room.See(context.PeerId, line.Name);
                room.Hear(line, isHistory: false);
            }
        }

        public void Here(string name, CallContext context, CancellationToken cancellationToken) => room.See(context.PeerId, name);

        public void Bye(string name, CallContext context, CancellationToken cancellationToken)
        {
            if (name is { Length: > 0 and <= ChatLine.MaxNameLength } && room._presence.Left(context.PeerId))
            {
                room._view.Note(room.Name, $"{Presence.Describe(context.PeerId, name)} left");
            }
        }
    }
}
