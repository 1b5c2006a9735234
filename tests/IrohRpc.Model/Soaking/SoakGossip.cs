using System.Buffers.Binary;
using IrohRpc.Gossip;

namespace IrohRpc.Model;

/// <summary>Members of a topic that all say something ten times a second, and count what the others say.</summary>
internal sealed class SoakGossip : IAsyncDisposable
{
    private const int MessageLength = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // What was said last is still on its way.
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(3);

    private readonly List<Gossip.Gossip> _gossips = [];
    private readonly List<GossipTopic> _topics = [];
    private readonly CancellationTokenSource _stopSaying = new();
    private readonly CancellationTokenSource _stopListening = new();
    private readonly List<Task> _saying = [];
    private readonly List<Task> _listening = [];
    private long _said;
    private long _heard;
    private long _wrong;

    /// <summary>How many messages were not as they had been said, came too often, or, in number, did not come.</summary>
    public long Wrong => Interlocked.Read(ref _wrong) + (Heard > Expected || (_stopListening.IsCancellationRequested && Heard < Expected * 99 / 100) ? 1 : 0);

    private long Heard => Interlocked.Read(ref _heard);

    private long Expected => Interlocked.Read(ref _said) * (_gossips.Count - 1);

    /// <summary>Adds a member.</summary>
    public Gossip.Gossip Add(PeerEndpoint endpoint)
    {
        var gossip = new Gossip.Gossip(endpoint);
        _gossips.Add(gossip);
        return gossip;
    }

    public async Task StartAsync(EndpointAddress first)
    {
        var id = TopicId.FromName("soak");
        for (int index = 0; index < _gossips.Count; index++)
        {
            GossipTopic topic = index == 0 ? _gossips[index].Join(id) : _gossips[index].Join(id, first);
            _topics.Add(topic);
            _listening.Add(Task.Run(() => ListenAsync(topic)));
        }

        await Task.WhenAll(_topics.Select(static topic => topic.WaitForNeighborAsync()));
        _saying.AddRange(_topics.Select((topic, index) => Task.Run(() => SayAsync(topic, index))));
    }

    public async Task StopAsync()
    {
        await _stopSaying.CancelAsync();
        await Task.WhenAll(_saying);
        await Task.Delay(Delivery);
        await _stopListening.CancelAsync();
        await Task.WhenAll(_listening);
        foreach (GossipTopic topic in _topics)
        {
            await topic.DisposeAsync();
        }

        foreach (Gossip.Gossip gossip in _gossips)
        {
            await gossip.DisposeAsync();
        }
    }

    public override string ToString() => $"{Heard} of {Expected} gossip messages";

    public ValueTask DisposeAsync()
    {
        _stopSaying.Dispose();
        _stopListening.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SayAsync(GossipTopic topic, int member)
    {
        for (int number = 0; !_stopSaying.IsCancellationRequested; number++)
        {
            byte[] content = new byte[MessageLength];
            content.AsSpan().Fill((byte)(member + number));
            BinaryPrimitives.WriteInt32LittleEndian(content, member);
            BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(4), number);
            Interlocked.Increment(ref _said);
            await topic.BroadcastAsync(content);
            await Task.Delay(Pause, _stopSaying.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(GossipTopic topic)
    {
        try
        {
            await foreach (GossipEvent happened in topic.ReadEventsAsync(_stopListening.Token))
            {
                if (happened is GossipEvent.Message message)
                {
                    Interlocked.Increment(ref _heard);
                    Check(message.Content.Span);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It has heard enough.
        }
    }

    private void Check(ReadOnlySpan<byte> content)
    {
        bool isWhole = content.Length == MessageLength
            && !content[8..].ContainsAnyExcept((byte)(BinaryPrimitives.ReadInt32LittleEndian(content) + BinaryPrimitives.ReadInt32LittleEndian(content[4..])));
        if (!isWhole)
        {
            Interlocked.Increment(ref _wrong);
            Console.Error.WriteLine($"gossip: {Convert.ToHexString(content)} was said by nobody");
        }
    }
}
