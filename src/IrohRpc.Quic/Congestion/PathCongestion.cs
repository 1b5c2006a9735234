#pragma warning disable CA1822
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Congestion;

internal sealed class PathCongestion(bool discoversMtu, bool usesEcn)
{
    private long _inFlight;
    private long _window = 12000;
    private TimeSpan _recoveryStart = TimeSpan.MinValue;

    public RttEstimator Rtt { get; } = new();
    public int MaxDatagramSize => 1200;
    public EcnCodepoint Ecn => usesEcn ? EcnCodepoint.Ect0 : EcnCodepoint.NotEct;
    public TimeSpan NextMtuProbe => TimeSpan.MaxValue;
    public bool CanSend(TimeSpan now, out TimeSpan pacedUntil) { pacedUntil = TimeSpan.MaxValue; return _inFlight + 1200 <= _window; }
    public void OnSent(in SentPacket packet, TimeSpan now) => _inFlight += packet.IsInFlight ? packet.Size : 0;
    public void OnAcknowledged(in SentPacket packet, TimeSpan now) { OnDiscarded(packet); if (packet.IsInFlight && packet.TimeSent > _recoveryStart) _window = Math.Min(_window + packet.Size, 4_000_000); }
    public void OnLost(in SentPacket packet, TimeSpan now) { OnDiscarded(packet); if (packet.IsInFlight && packet.TimeSent > _recoveryStart) { _window = Math.Max(_window / 2, 2400); _recoveryStart = now; } }
    public void OnSpuriouslyLost(in SentPacket packet, TimeSpan now) { }
    public void OnDiscarded(in SentPacket packet) => _inFlight -= packet.IsInFlight ? packet.Size : 0;
    public void OnOutcome(in RecoveryOutcome outcome) { }
    public void OnApplicationLimited() { }
    public bool TryGetMtuProbe(TimeSpan now, out int size) { size = 0; return discoversMtu && false; }
    public void SetPeerMaxUdpPayloadSize(int size) { }
}
