using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Tests.Recovery;

/// <summary>Drives <see cref="LossRecovery"/> by hand, with virtual time.</summary>
internal sealed class RecoveryHarness : IRecoverySink
{
    public RecoveryHarness(bool isServer = true, int seed = 1)
    {
        Recovery = new LossRecovery(isServer, this, Rtt, new Random(seed)) { IsHandshakeConfirmed = true };
    }

    public RttEstimator Rtt { get; } = new();

    public LossRecovery Recovery { get; }

    public TimeSpan Now { get; set; } = TimeSpan.FromSeconds(10);

    public List<long> Acknowledged { get; } = [];

    public List<long> Lost { get; } = [];

    public List<long> Spurious { get; } = [];

    public List<long> Discarded { get; } = [];

    public List<RecoveryOutcome> Outcomes { get; } = [];

    public long Send(
        PacketSpace space = PacketSpace.Application,
        SentPacketFlags flags = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight,
        int path = 0)
    {
        long number = Recovery.NextPacketNumber(space);
        Recovery.OnSent(space, new SentPacket
        {
            PacketNumber = number,
            TimeSent = Now,
            Size = 1200,
            Frames = (int)number,
            LargestAcknowledged = -1,
            Flags = flags,
            Path = path,
        });
        return number;
    }

    public long[] Send(int count) => [.. Enumerable.Range(0, count).Select(_ => Send())];

    public void Advance(double milliseconds) => Now += TimeSpan.FromMilliseconds(milliseconds);

    public void Ack(params long[] numbers) => Ack(PacketSpace.Application, numbers);

    public void Ack(PacketSpace space, params long[] numbers)
    {
        var frame = new FrameReader(Encode(numbers));
        frame.ReadFrameType();
        Recovery.OnAckReceived(space, AckFrame.Read(ref frame), Now);
    }

    public void Clear()
    {
        Acknowledged.Clear();
        Lost.Clear();
        Spurious.Clear();
        Outcomes.Clear();
    }

    /// <summary>Encodes any set of numbers as a frame, independently of <see cref="ReceivedPackets"/>.</summary>
    public static byte[] Encode(IEnumerable<long> numbers, EcnCounts? ecn = null, long delay = 0)
    {
        List<(long Smallest, long Largest)> ranges = [];
        foreach (long number in numbers.Distinct().OrderDescending())
        {
            if (ranges.Count > 0 && ranges[^1].Smallest == number + 1)
            {
                ranges[^1] = (number, ranges[^1].Largest);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        byte[] buffer = new byte[64 + (16 * ranges.Count)];
        var writer = new FrameWriter(buffer);
        writer.Write(ecn.HasValue ? AckFrame.TypeWithEcn : AckFrame.Type, ranges[0].Largest, delay);
        writer.Write(ranges.Count - 1, ranges[0].Largest - ranges[0].Smallest);
        for (int i = 1; i < ranges.Count; i++)
        {
            writer.Write(ranges[i - 1].Smallest - ranges[i].Largest - 2, ranges[i].Largest - ranges[i].Smallest);
        }

        if (ecn is { } counts)
        {
            writer.Write(counts.Ect0, counts.Ect1, counts.CongestionExperienced);
        }

        return buffer[..writer.Written];
    }

    void IRecoverySink.OnAcknowledged(PacketSpace space, in SentPacket packet)
    {
        Assert.Equal(packet.PacketNumber, packet.Frames);
        Acknowledged.Add(packet.PacketNumber);
    }

    void IRecoverySink.OnLost(PacketSpace space, in SentPacket packet)
    {
        Assert.Equal(packet.PacketNumber, packet.Frames);
        Lost.Add(packet.PacketNumber);
    }

    void IRecoverySink.OnSpuriouslyLost(PacketSpace space, in SentPacket packet)
    {
        Assert.Equal(SentPacket.None, packet.Frames);
        Spurious.Add(packet.PacketNumber);
    }

    void IRecoverySink.OnDiscarded(PacketSpace space, in SentPacket packet) => Discarded.Add(packet.PacketNumber);

    void IRecoverySink.OnOutcome(in RecoveryOutcome outcome) => Outcomes.Add(outcome);
}
