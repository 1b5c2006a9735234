using BenchmarkDotNet.Attributes;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.Recovery;
using FrameReader = IrohRpc.Multiplexing.Streams.FrameReader;

namespace IrohRpc.Benchmarks.Pieces;

/// <summary>
/// What QUIC's bookkeeping costs for one packet: sent, received, acknowledged in an ACK frame with another one, and told to the congestion
/// controller. Nothing is encrypted and nothing is sent.
/// </summary>
[MemoryDiagnoser]
public class Acknowledgements
{
    private readonly byte[] _frame = new byte[1200];
    private readonly Queue<long> _waiting = new(2048);
    private PathCongestion _path = null!;
    private LossRecovery _recovery = null!;
    private ReceivedPackets _received = null!;
    private TimeSpan _now = TimeSpan.FromSeconds(1);

    /// <summary>How many packets are in flight all the time.</summary>
    [Params(2, 1000)]
    public int InFlight { get; set; }

    /// <summary>Whether every hundredth packet is lost.</summary>
    [Params(false, true)]
    public bool Loses { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        var rtt = new RttEstimator();
        _path = new PathCongestion(rtt, new MtuDiscovery());
        _recovery = new LossRecovery(isServer: true, new Sink(this), rtt, new Random(1)) { IsHandshakeConfirmed = true };
        _received = new ReceivedPackets(PacketSpace.Application, TimeSpan.FromMilliseconds(25));
        _waiting.Clear();
        for (int i = 0; i < InFlight; i++)
        {
            Send();
        }
    }

    /// <summary>Two packets and one ACK frame; the figures are for one packet.</summary>
    [Benchmark(OperationsPerInvoke = 2)]
    public void SendAndAcknowledge()
    {
        _now += TimeSpan.FromMicroseconds(20);
        Send();
        Send();
        Receive();
        Receive();
        var writer = new FrameWriter(_frame);
        if (_received.TryWriteAck(ref writer, 3, _now, out long largest))
        {
            var reader = new FrameReader(_frame.AsSpan(0, writer.Written));
            reader.ReadFrameType();
            _recovery.OnAckReceived(PacketSpace.Application, AckFrame.Read(ref reader), _now);
            _received.OnAckAcknowledged(largest - 100);
        }
    }

    private void Send()
    {
        var packet = new SentPacket
        {
            PacketNumber = _recovery.NextPacketNumber(PacketSpace.Application),
            TimeSent = _now,
            LargestAcknowledged = -1,
            Size = 1200,
            Frames = SentPacket.None,
            Flags = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight,
        };
        _recovery.OnSent(PacketSpace.Application, packet);
        _path.OnSent(PacketSpace.Application, packet);
        _waiting.Enqueue(packet.PacketNumber);
    }

    private void Receive()
    {
        long number = _waiting.Dequeue();
        if (!(Loses && number % 100 == 50) && !_received.IsDuplicate(number))
        {
            _received.OnReceived(number, isAckEliciting: true, EcnCodepoint.NotEct, _now);
        }
    }

    private sealed class Sink(Acknowledgements owner) : IRecoverySink
    {
        public void OnAcknowledged(PacketSpace space, in SentPacket packet) => owner._path.OnAcknowledged(space, packet, owner._now);

        public void OnLost(PacketSpace space, in SentPacket packet) => owner._path.OnLost(space, packet, owner._now);

        public void OnSpuriouslyLost(PacketSpace space, in SentPacket packet) => owner._path.OnSpuriouslyLost(packet);

        public void OnDiscarded(PacketSpace space, in SentPacket packet) => owner._path.OnDiscarded(packet);

        public void OnOutcome(in RecoveryOutcome outcome) => owner._path.OnOutcome(outcome);
    }
}
