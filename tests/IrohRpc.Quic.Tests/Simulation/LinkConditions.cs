namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>What one direction of a link does to datagrams.</summary>
internal sealed record LinkConditions
{
    /// <summary>How long a datagram takes.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How much longer it may take, without overtaking others.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How many bytes per second it carries; zero for any number.</summary>
    public long Rate { get; init; }

    /// <summary>How many bytes wait at most where there is a rate; what is more is dropped.</summary>
    public int QueueBytes { get; init; } = 64 * 1024;

    /// <summary>From how many waiting bytes on datagrams that allow it are marked instead of delayed in silence; zero for never.</summary>
    public int MarkAboveBytes { get; init; }

    /// <summary>The share of datagrams that are lost.</summary>
    public double Loss { get; init; }

    /// <summary>The share of datagrams that arrive twice.</summary>
    public double Repetition { get; init; }

    /// <summary>The share of datagrams that are held back, so that others overtake them.</summary>
    public double Reordering { get; init; }

    /// <summary>How long they are held back.</summary>
    public TimeSpan HeldBack { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>The share of datagrams of which a bit changes on the way.</summary>
    public double Corruption { get; init; }

    /// <summary>The longest datagram that gets through.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>Whether the marks of datagrams are wiped, as some networks do.</summary>
    public bool BleachesEcn { get; init; }
}
