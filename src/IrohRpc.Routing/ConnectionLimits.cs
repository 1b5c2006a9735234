using IrohRpc.Transports;
using IrohRpc.Transports.Internal;

namespace IrohRpc;

/// <summary>
/// How much an endpoint takes on from outside. The limits count connections that peers made to this endpoint; those that it dials
/// itself are its own business and are not counted.
/// </summary>
/// <remarks>
/// Each limit is at least one; <see cref="int.MaxValue"/> means none. An endpoint that is to accept nothing has no ALPNs, or
/// does not listen. The values are read when the endpoint is bound.
/// </remarks>
public sealed class ConnectionLimits
{
    /// <summary>How many accepted connections may be alive at once, handshakes included. Default 10,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxConnections { get; set => field = Require(value, nameof(MaxConnections)); } = 10_000;

    /// <summary>
    /// How many of them may come from one IP address, over all transports and ports, handshakes included. IPv6 addresses count by
    /// their first 64 bits, since a host has all the addresses of such a network to itself. Default 1,000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxConnectionsPerAddress { get; set => field = Require(value, nameof(MaxConnectionsPerAddress)); } = 1_000;

    /// <summary>
    /// How many of them may be of one peer. One too many is closed with <see cref="ConnectionErrorCodes.Busy"/> after its handshake,
    /// since the peer is not known before. Default 100.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxConnectionsPerPeer { get; set => field = Require(value, nameof(MaxConnectionsPerPeer)); } = 100;

    /// <summary>
    /// How many handshakes may be in progress at once over each transport, and how many connections may wait to be accepted at each listener. Where there are as many,
    /// a dialler that has been silent for longest gives its place up, if the transport can take it. Default 256.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxHandshakes { get; set => field = Require(value, nameof(MaxHandshakes)); } = 256;

    /// <summary>How many of these may come from one address, counted as for <see cref="MaxConnectionsPerAddress"/>. Default 128.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxHandshakesPerAddress { get; set => field = Require(value, nameof(MaxHandshakesPerAddress)); } = 128;

    /// <summary>
    /// How long the streams of a connection have carried nothing before it may be closed, with <see cref="ConnectionErrorCodes.GaveWay"/>, for another that finds <see cref="MaxConnections"/> or
    /// <see cref="MaxConnectionsPerAddress"/> reached. Who idles longest goes first, of the addresses that have most. A call that waits and says nothing counts as idle. Default 10 s;
    /// <see cref="Timeout.InfiniteTimeSpan"/> has newcomers refused instead.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or longer than 24 days.</exception>
    public TimeSpan IdleToGiveWay { get; set => field = Ranges.RequireNotNegativeOrInfinite(value, nameof(IdleToGiveWay)); } = TimeSpan.FromSeconds(10);

    internal ConnectionLimits Copy() => new()
    {
        MaxConnections = MaxConnections,
        MaxConnectionsPerAddress = MaxConnectionsPerAddress,
        MaxConnectionsPerPeer = MaxConnectionsPerPeer,
        MaxHandshakes = MaxHandshakes,
        MaxHandshakesPerAddress = MaxHandshakesPerAddress,
        IdleToGiveWay = IdleToGiveWay,
    };

    private static int Require(int value, string name)
        => value >= 1
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} is at least one; int.MaxValue means no limit.");
}
