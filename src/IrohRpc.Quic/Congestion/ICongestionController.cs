using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Congestion;

/// <summary>Decides how many bytes may be on their way on one path.</summary>
internal interface ICongestionController
{
    /// <summary>How many bytes may be in flight.</summary>
    long Window { get; }

    /// <summary>Below this window the controller is in slow start; <see cref="long.MaxValue"/> before the first sign of congestion.</summary>
    long SlowStartThreshold { get; }

    /// <summary>A packet was acknowledged.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="isWindowLimited">Whether the window was in use; one that was not must not grow (RFC 9002, section 7.8).</param>
    /// <param name="rtt">The path's round-trip time.</param>
    /// <param name="now">The time.</param>
    void OnAcknowledged(in SentPacket packet, bool isWindowLimited, RttEstimator rtt, TimeSpan now);

    /// <summary>An ACK frame was taken in, and gave a sample of the round-trip time.</summary>
    void OnRoundTrip(TimeSpan largestSentAt, TimeSpan sample, TimeSpan now);

    /// <summary>A packet was lost, or marked by the network.</summary>
    /// <param name="sentAt">When the last such packet was sent.</param>
    /// <param name="isEcn">Whether it was marked and not lost.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether the window was reduced: once for everything that was sent before the last reduction.</returns>
    bool OnCongestion(TimeSpan sentAt, bool isEcn, TimeSpan now);

    /// <summary>Nothing got through for a long time: start over from the smallest window.</summary>
    void OnPersistentCongestion();

    /// <summary>All losses that led to the last reduction were wrong: it is taken back.</summary>
    void OnSpuriousCongestion();

    /// <summary>Packets have another size from now on.</summary>
    void OnMtuChanged(int mtu);
}
