using System.Text;
using System.Threading.Channels;

namespace IrohRpc.Gossip.Tests.Support;

/// <summary>One member of a topic in a test. Its events are read from the first wait for any of them on, by the member alone.</summary>
internal sealed class Member(PeerEndpoint endpoint, Gossip gossip, GossipTopic topic, ChangeSignal neighborsChanged)
{
    private readonly Channel<GossipEvent.Message> _messages = Channel.CreateUnbounded<GossipEvent.Message>();
    private Task? _reading;

    public PeerEndpoint Endpoint => endpoint;

    public Gossip Gossip => gossip;

    public GossipTopic Topic => topic;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Completes when the topic was left and all its events were read.</summary>
    public Task Ended => _reading ?? Task.CompletedTask;

    /// <summary>The next message.</summary>
    public async Task<GossipEvent.Message> MessageAsync()
    {
        Listen();
        return await _messages.Reader.ReadAsync(Cancellation);
    }

    /// <summary>Waits for a message of this text; others are passed over.</summary>
    public async Task HearAsync(string text)
    {
        while (Encoding.UTF8.GetString((await MessageAsync()).Content.Span) != text)
        {
        }
    }

    /// <summary>Starts to read the events, so that changes of neighbours are signalled.</summary>
    public void Listen() => _reading ??= ReadAsync();

    private async Task ReadAsync()
    {
        await foreach (GossipEvent happened in topic.ReadEventsAsync(CancellationToken.None))
        {
            if (happened is GossipEvent.Message message)
            {
                _messages.Writer.TryWrite(message);
            }
            else
            {
                neighborsChanged.Raise();
            }
        }

        _messages.Writer.TryComplete();
    }
}
