using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Congestion;

/// <summary>
/// Suspects that a path swallows large packets: several times in a row all packets that were lost together were large, and no large
/// packet sent later arrived; or nothing at all is acknowledged.
/// </summary>
internal sealed class BlackHoleDetector
{
    private const int SuspiciousBursts = 3;
    private const int SuspiciousTimeouts = 3;

    private int _bursts;
    private bool _hasLarge;
    private bool _hasSmall;
    private long _lastLost = -1;

    /// <summary>A large packet arrived: if it was sent after the losses, they have another reason.</summary>
    public void OnAcknowledged(in SentPacket packet)
    {
        if (packet.PacketNumber > _lastLost)
        {
            _bursts = 0;
        }
    }

    /// <summary>A packet was lost.</summary>
    public void OnLost(in SentPacket packet, int baseSize)
    {
        if (packet.Size > baseSize)
        {
            _hasLarge = true;
            _lastLost = Math.Max(_lastLost, packet.PacketNumber);
        }
        else
        {
            _hasSmall = true;
        }
    }

    /// <summary>Ends a burst of losses.</summary>
    /// <param name="probeTimeoutCount">How often probes went unanswered in a row.</param>
    public bool IsDetected(int probeTimeoutCount)
    {
        if (_hasSmall)
        {
            _bursts = 0;
        }
        else if (_hasLarge)
        {
            _bursts++;
        }

        _hasLarge = false;
        _hasSmall = false;
        return _bursts >= SuspiciousBursts || probeTimeoutCount >= SuspiciousTimeouts;
    }

    /// <summary>Starts anew.</summary>
    public void Reset() => _bursts = 0;
}
