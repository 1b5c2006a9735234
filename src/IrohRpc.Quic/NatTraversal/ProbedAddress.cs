using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.NatTraversal;

/// <summary>An address at which the peer may be found, and the probes that are sent there.</summary>
internal sealed class ProbedAddress(UdpAddress address)
{
    private const int MaxProbes = 9;

    private static readonly TimeSpan FirstInterval = TimeSpan.FromMilliseconds(33);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromSeconds(2);

    private TimeSpan _interval;

    /// <summary>The address.</summary>
    public UdpAddress Address { get; } = address;

    /// <summary>The number by which the peer told it; null where the peer did not.</summary>
    public long? Sequence { get; set; }

    /// <summary>How many probes are left in this round.</summary>
    public int Probes { get; set; }

    /// <summary>When the next one is due.</summary>
    public TimeSpan Next { get; private set; }

    /// <summary>Whether a peer can be at an address at all: a peer may name anybody's.</summary>
    public static bool IsPossible(in UdpAddress address)
    {
        if (address.Relayed is not null || address.Port == 0)
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[16];
        int length = address.WriteAddress(bytes);
        return length == 4
            ? bytes[0] is > 0 and < 224
            : bytes[0] != 0xff && bytes[..16].ContainsAnyExcept((byte)0);
    }

    /// <summary>Starts a round.</summary>
    public void Start(TimeSpan at)
    {
        Probes = MaxProbes;
        Next = at;
        _interval = FirstInterval;
    }

    /// <summary>A probe has been sent.</summary>
    public void Sent(TimeSpan now)
    {
        Next = now + _interval;

        // The second interval is as long as the first: two probes are needed to get through two NATs, and the second should not be late.
        _interval = Probes == MaxProbes ? _interval : 2 * _interval > LongestInterval ? LongestInterval : 2 * _interval;
        Probes--;
    }
}
