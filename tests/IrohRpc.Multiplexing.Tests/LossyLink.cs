using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

/// <summary>
/// Two stream layers that exchange packets which a test or a seed loses, repeats and reorders. It knows what became of each packet and says so at
/// once, so that nothing but the stream layer is under test.
/// </summary>
internal sealed class LossyLink
{
    private readonly Random _random;
    private readonly List<Packet> _underWay = [];

    public LossyLink(int seed = 0, StreamLimits? limits = null)
    {
        _random = new Random(seed);
        limits ??= HandDrivenPeer.Limits(100, 100_000, 200_000);
        Client = new Side(isClient: true, limits);
        Server = new Side(isClient: false, limits);
        Client.Streams.ApplyPeerLimits(limits);
        Server.Streams.ApplyPeerLimits(limits);
    }

    public Side Client { get; }

    public Side Server { get; }

    public double Loss { get; init; }

    public double Repetition { get; init; }

    public double SpuriousLoss { get; init; }

    /// <summary>How many packets may overtake one.</summary>
    public int Reorder { get; init; }

    public int PacketLength { get; init; } = 1200;

    /// <summary>Carries everything until neither side has anything to send and the applications have nothing to do.</summary>
    /// <param name="step">What the applications do before each packet; returns whether they did anything.</param>
    public void Run(Func<bool> step)
    {
        for (int steps = 0; ; steps++)
        {
            Assert.True(steps < 1_000_000, "The two sides never come to rest.");
            bool sent = step() | Send(Client, Server) | Send(Server, Client);
            if (_underWay.Count > (sent ? Reorder : 0))
            {
                Arrive(_underWay[_random.Next(Math.Min(_underWay.Count, Reorder + 1))]);
            }
            else if (!sent)
            {
                return;
            }
        }
    }

    /// <summary>The next packet of a side, with its frames; empty where it has nothing to say. The test decides what becomes of it.</summary>
    public static (byte[] Payload, int Frames) Take(Side from, int length = 1200)
    {
        byte[] buffer = new byte[length];
        var writer = new FrameWriter(buffer);
        from.Streams.WriteFrames(ref writer);
        return (buffer[..writer.Written], from.Frames.EndPacket());
    }

    public static void Deliver(Side to, byte[] payload)
    {
        var reader = new FrameReader(payload);
        while (!reader.IsAtEnd)
        {
            reader.ReadFrameType();
            Assert.True(to.Streams.TryReceive(ref reader));
        }
    }

    public static void Acknowledge(Side sender, int frames)
    {
        while (sender.Frames.TryTake(ref frames, out SentFrame frame))
        {
            StreamMultiplexer.HandleAcknowledged(frame);
        }
    }

    public static void Lose(Side sender, int frames)
    {
        while (sender.Frames.TryTake(ref frames, out SentFrame frame))
        {
            sender.Streams.HandleLost(frame);
        }
    }

    private bool Send(Side from, Side to)
    {
        (byte[] payload, int frames) = Take(from, PacketLength);
        if (payload.Length == 0)
        {
            return false;
        }

        _underWay.Add(new Packet(from, to, payload, frames));
        return true;
    }

    private void Arrive(Packet packet)
    {
        _underWay.Remove(packet);
        if (_random.NextDouble() < Loss)
        {
            Lose(packet.From, packet.Frames);
            return;
        }

        Deliver(packet.To, packet.Payload);
        if (_random.NextDouble() < Repetition)
        {
            Deliver(packet.To, packet.Payload);
        }

        if (_random.NextDouble() < SpuriousLoss)
        {
            Lose(packet.From, packet.Frames);
        }
        else
        {
            Acknowledge(packet.From, packet.Frames);
        }
    }

    internal sealed class Side(bool isClient, StreamLimits limits)
    {
        public SentFrames Frames { get; } = new();

        public StreamMultiplexer Streams => _streams ??= new StreamMultiplexer(isClient, limits, Frames);

        private StreamMultiplexer? _streams;
    }

    private sealed record Packet(Side From, Side To, byte[] Payload, int Frames);
}
