namespace IrohRpc;

/// <summary>How a <see cref="PeerChannel"/> keeps its connections. The values are read when the channel is made.</summary>
public sealed class PeerChannelOptions
{
    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(24);

    /// <summary>How long about the next dial waits after one that failed. It doubles with each further failure. Default 50 milliseconds; from 1 millisecond to 24 days.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan FirstDelay { get; set => field = Require(value, nameof(FirstDelay)); } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long about it waits at most. Default one second; from 1 millisecond to 24 days.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan LongestDelay { get; set => field = Require(value, nameof(LongestDelay)); } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// After how long without a call or a passed object, of either side's, a connection is closed; the next call dials again. Default five
    /// minutes; <see cref="Timeout.InfiniteTimeSpan"/> keeps connections.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan IdleTimeout
    {
        get;
        set => field = value == Timeout.InfiniteTimeSpan ? value : Require(value, nameof(IdleTimeout));
    } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// After how long without a sign of life from a peer that owes one, the channel dials beside the connection. Where that succeeds and the old
    /// connection is still silent, the old one is closed, and calls on it fail as lost. Default two seconds; <see cref="Timeout.InfiniteTimeSpan"/>
    /// leaves it to the transport's idle time-out.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan SilenceTimeout
    {
        get;
        set => field = value == Timeout.InfiniteTimeSpan ? value : Require(value, nameof(SilenceTimeout));
    } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long disposal of the channel waits for one-way calls that were made before to reach the peer, the dial that they may still wait for included. Default two seconds;
    /// from 1 millisecond to 24 days.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan FlushTimeout { get; set => field = Require(value, nameof(FlushTimeout)); } = TimeSpan.FromSeconds(2);

    /// <summary>Whether the channel dials again by itself where nobody calls, after a loss or a dial that failed, once it was used. Default no.</summary>
    public bool KeepConnected { get; set; }

    /// <summary>
    /// Whether calls of methods marked <see cref="IdempotentAttribute"/> go out with the first packet of a dial (0-RTT), where the peer was met before and both transports
    /// allow it (<c>QuicTransportOptions.AllowsEarlyData</c>). Default no. Who watches the network can have the peer run such a call a second time; all other calls wait
    /// for the handshake, and so does every call behind one of them.
    /// </summary>
    public bool UsesEarlyData { get; set; }

    /// <summary>How the channel's proxies call where <see cref="PeerChannel.Get{T}"/> is given no options. Default the defaults of <see cref="ClientOptions"/>.</summary>
    public ClientOptions Calls { get; set => field = value ?? throw new ArgumentNullException(nameof(value)); } = new();

    internal PeerChannelOptions Copy() => (PeerChannelOptions)MemberwiseClone();

    private static TimeSpan Require(TimeSpan value, string name)
        => value >= TimeSpan.FromMilliseconds(1) && value <= LongestTime
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is from one millisecond to {LongestTime.Days} days.");
}
