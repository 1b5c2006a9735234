using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Congestion;

/// <summary>
/// CUBIC (RFC 9438) in bytes, with HyStart++ (RFC 9406) for the first slow start. While round trips show that the flow has hardly anything
/// in the path's queues, it reduces its window less for a loss and grows as Reno does, because such losses are mostly noise.
/// </summary>
internal sealed class Cubic : ICongestionController
{
    // RFC 9438, section 5.
    private const double Beta = 0.7;
    private const double C = 0.4;
    private const double RenoAlpha = 3 * (1 - Beta) / (1 + Beta);
    private const int MinWindowPackets = 2;

    // TCP Veno (Fu and Liew, 2003): with fewer packets than this in the path's queues, a loss is more likely noise than congestion. On
    // links that carry few packets in a round trip at all, the queue must be short by that measure, too.
    private const double ShortQueuePackets = 3;
    private const int ShortQueueDivisor = 4;
    private const double BetaForNoise = 0.85;

    private State _state;
    // Null where the last reduction cannot be undone; most connections never see a loss.
    private Saved? _beforeCongestion;
    private int _mtu;

    // Whether hardly any packets of this flow wait in queues, by how much longer round trips are than the shortest.
    private bool _isQueueShort;

    /// <summary>Starts in slow start with the initial window of RFC 9002, section 7.2.</summary>
    public Cubic(int mtu)
    {
        _mtu = mtu;
        _state = new State
        {
            Window = InitialWindow(mtu),
            SlowStartThreshold = double.PositiveInfinity,
            RecoveryStart = TimeSpan.MinValue,
            EpochStart = TimeSpan.MinValue,
            UnlimitedSince = TimeSpan.MinValue,
            HyStart = new HyStart(),
        };
    }

    /// <inheritdoc/>
    public long Window => (long)_state.Window;

    /// <inheritdoc/>
    public long SlowStartThreshold
        => double.IsPositiveInfinity(_state.SlowStartThreshold) ? long.MaxValue : (long)_state.SlowStartThreshold;

    private double MinWindow => MinWindowPackets * _mtu;

    /// <summary>Ten packets, and no more than 14720 bytes unless two packets are larger.</summary>
    public static int InitialWindow(int mtu) => Math.Min(10 * mtu, Math.Max(14720, 2 * mtu));

    /// <inheritdoc/>
    public void OnAcknowledged(in SentPacket packet, bool isWindowLimited, RttEstimator rtt, TimeSpan now)
    {
        TimeSpan queueing = rtt.Smoothed - rtt.Min;
        _isQueueShort = rtt.HasSample
            && queueing < rtt.Min / ShortQueueDivisor
            && _state.Window / _mtu * queueing.Ticks < ShortQueuePackets * rtt.Smoothed.Ticks;
        if (packet.TimeSent <= _state.RecoveryStart)
        {
            return;
        }

        if (!isWindowLimited)
        {
            _state.UnlimitedSince = _state.UnlimitedSince == TimeSpan.MinValue ? now : _state.UnlimitedSince;
            return;
        }

        // The curve stands still while the window is not in use, or it would jump afterwards (RFC 9438, section 5.8).
        if (_state.UnlimitedSince != TimeSpan.MinValue)
        {
            if (_state.EpochStart != TimeSpan.MinValue)
            {
                _state.EpochStart += now - _state.UnlimitedSince;
            }

            _state.UnlimitedSince = TimeSpan.MinValue;
        }

        if (_state.Window < _state.SlowStartThreshold)
        {
            _state.Window += _state.HyStart.IsConservative ? (double)packet.Size / HyStart.GrowthDivisor : packet.Size;
            return;
        }

        AvoidCongestion(packet.Size, rtt, now);
    }

    /// <inheritdoc/>
    public void OnRoundTrip(TimeSpan largestSentAt, TimeSpan sample, TimeSpan now)
    {
        if (double.IsPositiveInfinity(_state.SlowStartThreshold) && _state.HyStart.OnRoundTrip(largestSentAt, sample, now))
        {
            _state.SlowStartThreshold = _state.Window;
        }
    }

    /// <inheritdoc/>
    public bool OnCongestion(TimeSpan sentAt, bool isEcn, TimeSpan now)
    {
        if (sentAt <= _state.RecoveryStart)
        {
            return false;
        }

        // A mark is never spurious.
        _beforeCongestion = isEcn ? null : new Saved(_state);
        _state.RecoveryStart = now;
        _state.EpochStart = TimeSpan.MinValue;
        _state.PriorWindow = _state.Window;

        // Fast convergence: a flow whose maximum falls leaves room to others.
        _state.MaxWindow = _state.Window < _state.MaxWindow ? _state.Window * (1 + Beta) / 2 : _state.Window;
        bool isNoise = !isEcn && _isQueueShort && !double.IsPositiveInfinity(_state.SlowStartThreshold);
        _state.SlowStartThreshold = Math.Max(_state.Window * (isNoise ? BetaForNoise : Beta), MinWindow);
        _state.Window = _state.SlowStartThreshold;
        _state.HyStart = new HyStart();
        return true;
    }

    /// <inheritdoc/>
    public void OnPersistentCongestion()
    {
        _beforeCongestion = null;
        _state.SlowStartThreshold = Math.Max(_state.Window * Beta, MinWindow);
        _state.Window = MinWindow;
        _state.RecoveryStart = TimeSpan.MinValue;
        _state.EpochStart = TimeSpan.MinValue;
    }

    /// <inheritdoc/>
    public void OnSpuriousCongestion()
    {
        if (_beforeCongestion is { } saved && saved.State.Window > _state.Window)
        {
            _state = saved.State;
        }

        _beforeCongestion = null;
    }

    /// <inheritdoc/>
    public void OnMtuChanged(int mtu)
    {
        _mtu = mtu;
        _state.Window = Math.Max(_state.Window, MinWindow);
    }

    private void AvoidCongestion(int acknowledged, RttEstimator rtt, TimeSpan now)
    {
        if (_state.EpochStart == TimeSpan.MinValue)
        {
            _state.EpochStart = now;
            _state.RenoWindow = _state.Window;
            if (_state.Window < _state.MaxWindow)
            {
                _state.K = Math.Cbrt((_state.MaxWindow - _state.Window) / _mtu / C);
            }
            else
            {
                _state.K = 0;
                _state.MaxWindow = _state.Window;
            }
        }

        double t = (now - _state.EpochStart).TotalSeconds;
        double alpha = _state.RenoWindow < _state.PriorWindow && !_isQueueShort ? RenoAlpha : 1;
        _state.RenoWindow += alpha * _mtu * acknowledged / _state.Window;
        if (Curve(t) < _state.RenoWindow)
        {
            _state.Window = Math.Max(_state.Window, _state.RenoWindow);
            return;
        }

        double target = Math.Clamp(Curve(t + rtt.Smoothed.TotalSeconds), _state.Window, 1.5 * _state.Window);
        _state.Window += (target - _state.Window) * acknowledged / _state.Window;
    }

    private double Curve(double t)
    {
        double distance = t - _state.K;
        return (C * distance * distance * distance * _mtu) + _state.MaxWindow;
    }

    private sealed class Saved(State state)
    {
        public State State { get; } = state;
    }

    private struct State
    {
        public double Window;
        public double SlowStartThreshold;

        /// <summary>The window before the last reduction, lowered for fast convergence: where the curve is flat.</summary>
        public double MaxWindow;

        /// <summary>The window before the last reduction.</summary>
        public double PriorWindow;

        /// <summary>What Reno would have reached.</summary>
        public double RenoWindow;

        /// <summary>Seconds from the start of the epoch to <see cref="MaxWindow"/>.</summary>
        public double K;

        /// <summary>When congestion avoidance began, or the smallest value.</summary>
        public TimeSpan EpochStart;

        /// <summary>Packets sent up to here belong to the last reduction.</summary>
        public TimeSpan RecoveryStart;

        /// <summary>Since when the window is not in use, or the smallest value.</summary>
        public TimeSpan UnlimitedSince;

        public HyStart HyStart;
    }
}
