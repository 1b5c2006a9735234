namespace IrohRpc.Hostile;

/// <summary>What one direction of an emulated link does to packets. All probabilities lie between zero and one.</summary>
internal sealed record LinkConditions
{
    /// <summary>Neither loss nor delay nor a limit.</summary>
    public static readonly LinkConditions Calm = new();

    /// <summary>Nothing passes.</summary>
    public static readonly LinkConditions Cut = new() { Loss = 1 };

    /// <summary>How likely a packet is lost.</summary>
    public double Loss { get; init; }

    /// <summary>How likely a packet arrives twice.</summary>
    public double Duplication { get; init; }

    /// <summary>How long a packet takes, beside its time on a wire with a <see cref="BitRate"/>.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>By how much the delay varies either way. Packets keep their order.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>How likely a packet is not delayed, so that it overtakes those before it.</summary>
    public double Reordering { get; init; }

    /// <summary>Bits a second; null for no limit.</summary>
    public double? BitRate { get; init; }

    /// <summary>How much may wait for a wire with a <see cref="BitRate"/>, by the time that it takes to send it; what comes beyond is dropped.</summary>
    public TimeSpan Queue { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>The largest packet that passes, in bytes.</summary>
    public int Mtu { get; init; } = 1500;

    /// <summary>Whether the sender of a packet that is too large is told so by ICMP, as routers do; otherwise it is dropped silently.</summary>
    public bool ReportsMtu { get; init; } = true;
}
