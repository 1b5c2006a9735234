using System.Text;
using System.Text.Json.Nodes;
using IrohRpc.Gossip;

namespace IrohRpc.Iroh035;

/// <summary>A topic with members of real iroh 0.35.0 and of ours.</summary>
internal sealed class GossipCases(string installation)
{
    public async Task RunAsync(CaseTable table)
    {
        await table.RunAsync("gossip: join and messages", "ours joins real", () => PairAsync(oursJoins: true));
        await table.RunAsync("gossip: join and messages", "real joins ours", () => PairAsync(oursJoins: false));
        await table.RunAsync("gossip: three and three, one leaves, one is killed", "both", SixAsync);
    }

    private async Task PairAsync(bool oursJoins)
    {
        TopicId topic = TopicId.FromName($"pair {oursJoins}");
        await using RealPeer real = await RealPeer.StartAsync(installation);
        await using OurPeer our = await OurPeer.StartAsync();
        await real.KnowAsync(our.Address);
        await JoinAsync(real, topic, oursJoins ? [] : [our.Address]);
        await using GossipTopic ours = our.Gossip.Join(topic, oursJoins ? [real.Address] : []);
        await ours.WaitForNeighborAsync().WaitAsync(TimeSpan.FromSeconds(20));
        await EachHearsEachAsync(topic, [new(real)], [new(ours)], "pair");
    }

    private async Task SixAsync()
    {
        TopicId topic = TopicId.FromName("six");
        var reals = new List<RealMember>();
        var ours = new List<OurMember>();
        var owned = new List<IAsyncDisposable>();
        try
        {
            var peers = new List<OurPeer>();
            for (int i = 0; i < 3; i++)
            {
                OurPeer our = await OurPeer.StartAsync();
                owned.Add(our);
                peers.Add(our);
            }

            for (int i = 0; i < 3; i++)
            {
                RealPeer real = await RealPeer.StartAsync(installation);
                owned.Add(real);
                foreach (OurPeer our in peers)
                {
                    await real.KnowAsync(our.Address);
                }

                foreach (RealMember other in reals)
                {
                    await real.KnowAsync(other.Peer.Address);
                    await other.Peer.KnowAsync(real.Address);
                }

                // Through all that are members already, so that nobody hangs on one who goes away.
                await JoinAsync(real, topic, [.. reals.Select(static other => other.Peer.Address), .. peers.Take(i).Select(static other => other.Address)]);
                reals.Add(new RealMember(real));
                GossipTopic joined = peers[i].Gossip.Join(topic, [.. reals.Select(static other => other.Peer.Address), .. peers.Take(i).Select(static other => other.Address)]);
                owned.Add(joined);
                ours.Add(new OurMember(joined));
                await joined.WaitForNeighborAsync().WaitAsync(TimeSpan.FromSeconds(20));
            }

            await EachHearsEachAsync(topic, reals, ours, "all");

            await reals[1].Peer.AskAsync("leave", new JsonObject { ["topic"] = topic.ToString() });
            reals.RemoveAt(1);
            await ours[1].Topic.DisposeAsync();
            ours.RemoveAt(1);
            await EachHearsEachAsync(topic, reals, ours, "after two left");

            // Real iroh gets to know others by shuffling only: whoever has one neighbour is lost with it before that.
            await Task.Delay(TimeSpan.FromSeconds(12));
            await reals[0].Peer.KillAsync();
            reals.RemoveAt(0);
            await EachHearsEachAsync(topic, reals, ours, "after one was killed");
        }
        finally
        {
            owned.Reverse();
            foreach (IAsyncDisposable one in owned)
            {
                await one.DisposeAsync();
            }
        }
    }

    private static Task<JsonObject> JoinAsync(RealPeer real, TopicId topic, EndpointAddress[] bootstrap)
        => real.AskAsync("join", new JsonObject
        {
            ["topic"] = topic.ToString(),
            ["bootstrap"] = new JsonArray([.. bootstrap.Select(static address => (JsonNode)address.Id.ToString())]),
        });

    private static async Task EachHearsEachAsync(TopicId topic, List<RealMember> reals, List<OurMember> ours, string word)
    {
        for (int speaker = 0; speaker < reals.Count + ours.Count; speaker++)
        {
            string text = $"{word}, said by {speaker}";
            (string Name, Task Heard)[] listeners =
            [
                .. reals.Select((member, index) => ($"real {index}", index == speaker ? Task.CompletedTask : member.HearAsync(text))),
                .. ours.Select((member, index) => ($"ours {index}", index + reals.Count == speaker ? Task.CompletedTask : member.HearAsync(text))),
            ];
            Task listening = Task.WhenAll(listeners.Select(static listener => listener.Heard));

            // What is said while a member that died is not noticed yet may not get past it, and is said anew.
            for (int attempt = 0; attempt < 75 && !listening.IsCompleted; attempt++)
            {
                byte[] content = Encoding.UTF8.GetBytes($"{text} #{attempt}");
                if (speaker < reals.Count)
                {
                    await reals[speaker].Peer.AskAsync(
                        "broadcast", new JsonObject { ["topic"] = topic.ToString(), ["content"] = Convert.ToHexStringLower(content) });
                }
                else
                {
                    await ours[speaker - reals.Count].Topic.BroadcastAsync(content);
                }

                await Task.WhenAny(listening, Task.Delay(1000));
            }

            if (!listening.IsCompleted)
            {
                throw new InvalidOperationException(
                    $"\"{text}\" was not heard by {string.Join(", ", listeners.Where(static listener => !listener.Heard.IsCompleted).Select(static listener => listener.Name))}");
            }

            await listening;
        }
    }

    private sealed record RealMember(RealPeer Peer)
    {
        public async Task HearAsync(string text)
        {
            await foreach (JsonObject happened in Peer.Events.ReadAllAsync())
            {
                if ((string?)happened["content"] is { } content && Encoding.UTF8.GetString(Convert.FromHexString(content)).StartsWith(text, StringComparison.Ordinal))
                {
                    return;
                }
            }
        }
    }

    private sealed record OurMember(GossipTopic Topic)
    {
        public async Task HearAsync(string text)
        {
            await foreach (GossipEvent happened in Topic.ReadEventsAsync())
            {
                if (happened is GossipEvent.Message message && Encoding.UTF8.GetString(message.Content.Span).StartsWith(text, StringComparison.Ordinal))
                {
                    return;
                }
            }
        }
    }
}
