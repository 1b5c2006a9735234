using System.Security.Cryptography;
using IrohRpc;
using IrohRpc.Gossip;

namespace Chat;

/// <summary>One room: a topic, who is there, and what was said lately, which each member keeps for those who come later.</summary>
internal sealed class Room : IAsyncDisposable
{
    private const int HistoryLength = 200;
    private static readonly TimeSpan HereInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly SecretKey _key;
    private readonly string _nickname;
    private readonly IChatView _view;
    private readonly GossipTopic _topic;
    private readonly CancellationTokenSource _leaving = new();
    private readonly SortedList<(DateTimeOffset Time, string Id), byte[]> _history = [];
    private readonly Dictionary<EndpointId, (string Name, DateTimeOffset Seen)> _present = [];
    private readonly Task _reading;
    private readonly Task _beating;

    public Room(string name, SecretKey key, string nickname, Gossip gossip, IEnumerable<EndpointAddress> members, IChatView view)
    {
        Name = name;
        _key = key;
        _nickname = nickname;
        _view = view;
        _topic = gossip.Join(TopicId.FromName("irohrpc-chat/" + name), members);
        _reading = ReadAsync();
        _beating = BeatAsync();
    }

    public string Name { get; }

    public IReadOnlyList<string> Present
    {
        get
        {
            lock (_lock)
            {
                return [.. _present.Select(static member => $"{member.Value.Name} ({member.Key.ToShortString()})").Order(StringComparer.Ordinal)];
            }
        }
    }

    public Task SayAsync(string text) => SendAsync(ChatMessageKind.Text, text);

    public async ValueTask DisposeAsync()
    {
        await SendAsync(ChatMessageKind.Bye, "");
        await _leaving.CancelAsync();
        await _topic.DisposeAsync();
        await Task.WhenAll(_reading, _beating).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leaving.Dispose();
    }

    private async Task SendAsync(ChatMessageKind kind, string text)
    {
        var message = new ChatMessage(_key.Id, kind, _nickname, text, DateTimeOffset.UtcNow);
        byte[] signed = message.Sign(_key, Name);
        if (kind == ChatMessageKind.Text)
        {
            Keep(message, signed);
        }

        await _topic.BroadcastAsync((byte[])[(byte)Packet.Message, .. signed]);
    }

    private async Task ReadAsync()
    {
        await foreach (GossipEvent happened in _topic.ReadEventsAsync(_leaving.Token))
        {
            switch (happened)
            {
                case GossipEvent.NeighborUp:
                    // Whoever is new here asks, and says that it is here.
                    await _topic.BroadcastToNeighborsAsync((byte[])[(byte)Packet.HistoryRequest], _leaving.Token);
                    await SendAsync(ChatMessageKind.Here, "");
                    break;
                case GossipEvent.Message { Content: { IsEmpty: false } content }:
                    await ReceiveAsync((Packet)content.Span[0], content[1..]);
                    break;
                case GossipEvent.Lagged lagged:
                    _view.Note(Name, $"{lagged.Missed} messages came too fast and were not shown");
                    break;
            }
        }
    }

    private async Task ReceiveAsync(Packet packet, ReadOnlyMemory<byte> rest)
    {
        switch (packet)
        {
            case Packet.HistoryRequest:
                foreach (byte[] signed in Recent())
                {
                    await _topic.BroadcastToNeighborsAsync((byte[])[(byte)Packet.History, .. signed], _leaving.Token);
                }

                break;
            case Packet.Message or Packet.History when ChatMessage.TryRead(rest.Span, Name, out ChatMessage? message) && message.Author != _key.Id:
                if (packet == Packet.Message)
                {
                    See(message);
                }

                if (message.Kind == ChatMessageKind.Text && Keep(message, rest.ToArray()))
                {
                    _view.Message(Name, message, isHistory: packet == Packet.History);
                }

                break;
        }
    }

    private void See(ChatMessage message)
    {
        bool isNew;
        lock (_lock)
        {
            isNew = message.Kind == ChatMessageKind.Bye ? _present.Remove(message.Author) : !_present.ContainsKey(message.Author);
            if (message.Kind != ChatMessageKind.Bye && (_present.Count < 1000 || !isNew))
            {
                _present[message.Author] = (message.Name, DateTimeOffset.UtcNow);
            }
        }

        if (isNew)
        {
            _view.Note(Name, $"{message.Name} ({message.Author.ToShortString()}) {(message.Kind == ChatMessageKind.Bye ? "left" : "is here")}");
        }
    }

    private bool Keep(ChatMessage message, byte[] signed)
    {
        string id = Convert.ToHexString(SHA256.HashData(signed));
        lock (_lock)
        {
            if (!_history.TryAdd((message.Time, id), signed))
            {
                return false;
            }

            if (_history.Count > HistoryLength)
            {
                _history.RemoveAt(0);
            }

            return true;
        }
    }

    private byte[][] Recent()
    {
        lock (_lock)
        {
            return [.. _history.Values];
        }
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(HereInterval);
        while (await timer.WaitForNextTickAsync(_leaving.Token))
        {
            await SendAsync(ChatMessageKind.Here, "");
            KeyValuePair<EndpointId, (string Name, DateTimeOffset Seen)>[] gone;
            lock (_lock)
            {
                gone = [.. _present.Where(static member => DateTimeOffset.UtcNow - member.Value.Seen > GoneAfter)];
                foreach (var member in gone)
                {
                    _present.Remove(member.Key);
                }
            }

            foreach (var member in gone)
            {
                _view.Note(Name, $"{member.Value.Name} ({member.Key.ToShortString()}) is gone");
            }
        }
    }
}
