using System.Text;

namespace IrohRpc.Gossip.Tests.Support;

/// <summary>One member of a topic in a test.</summary>
internal sealed record Member(PeerEndpoint Endpoint, Gossip Gossip, GossipTopic Topic, IAsyncEnumerator<GossipEvent> Events)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The next message.</summary>
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

    /// <summary>
    /// Says a text again and again until all have heard it: a member that died is noticed after a while, and what is said until then may not get past it.
    /// </summary>
    public async Task SayUntilHeardAsync(string text, IEnumerable<Member> listeners)
    {
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
