using IrohRpc.Identity;
using IrohRpc.Transports.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Transports;

/// <summary>What an endpoint tells its transports: who it is, its limits and its times. Read-only once in use; safe to share.</summary>
public sealed class TransportSettings
{
    /// <summary>Who this endpoint is: the source of its certificates. The endpoint owns it.</summary>
    public required PeerCertificateSource Certificates { get; init; }

    /// <summary>
    /// Whether connections may have several paths at once and look for direct ones through NATs, where the peer does the same. Default no; an endpoint with relays says
    /// yes. Transports other than QUIC have no use for it.
    /// </summary>
    public bool TraversesNats { get; init; }

    /// <summary>
    /// How many bidirectional streams the peer may have open at once on a connection: those whose directions have not both ended, accepted
    /// or not. Default 1,024; zero allows none.
    /// </summary>
    public int MaxInboundBidirectionalStreams
    {
        get;
        init => field = Ranges.Require(value, 0, ushort.MaxValue, nameof(MaxInboundBidirectionalStreams));
    } = 1024;

    /// <summary>How many unidirectional streams the peer may have open at once on a connection. Default 1,024; zero allows none.</summary>
    public int MaxInboundUnidirectionalStreams
    {
        get;
        init => field = Ranges.Require(value, 0, ushort.MaxValue - 1, nameof(MaxInboundUnidirectionalStreams));
    } = 1024;

    /// <summary>
    /// How many bytes the peer may send on one stream ahead of its reader. Default 256 KiB; 16 KiB to 64 MiB. A stream that nobody has read from yet
    /// gets less (see <see cref="ConnectionReceiveWindow"/>). One whose path holds more, bandwidth times round trip, or that has had the connection to
    /// itself for long, gets more, as far as the connection's window goes.
    /// </summary>
    public int StreamReceiveWindow
    {
        get;
        init => field = Ranges.Require(value, 16 * 1024, 64 * 1024 * 1024, nameof(StreamReceiveWindow));
    } = 256 * 1024;

    /// <summary>
    /// How many bytes the peer may send on a whole connection ahead of its readers: the most memory that unread bytes take. Default 64 MiB; 64 KiB
    /// to 1 GiB.
    /// </summary>
    /// <remarks>
    /// Half of it is divided among all the streams that the peer may open, 16 KiB for each by default and never less than 4 KiB: streams that nobody
    /// reads then hold up nobody else. The other half lets streams that are read be further ahead. Where there is less than 8 KiB for each stream
    /// that the peer may open, streams that nobody reads can use up the window, and hold up all others until they are read.
    /// </remarks>
    public int ConnectionReceiveWindow
    {
        get;
        init => field = Ranges.Require(value, 64 * 1024, 1024 * 1024 * 1024, nameof(ConnectionReceiveWindow));
    } = 64 * 1024 * 1024;

    /// <summary>How long a handshake may take, at either end. Default 10 seconds; more than zero, at most 24 days.</summary>
    public TimeSpan HandshakeTimeout
    {
        get;
        init => field = Ranges.RequirePositive(value, nameof(HandshakeTimeout));
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection lives without a sign of life from the peer. The smaller of both sides' values holds. Default 30 seconds;
    /// at least one second, since QUIC stacks round, and at most 24 days.
    /// </summary>
    public TimeSpan IdleTimeout
    {
        get;
        init => field = Ranges.RequireAtLeastOneSecond(value, nameof(IdleTimeout));
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How often this side says that it is alive where nothing else is sent. Default 10 seconds; <see cref="Timeout.InfiniteTimeSpan"/>
    /// turns it off, and an idle connection then ends by <see cref="IdleTimeout"/>.
    /// </summary>
    public TimeSpan KeepAliveInterval
    {
        get;
        init => field = Ranges.RequirePositiveOrInfinite(value, nameof(KeepAliveInterval));
    } = TimeSpan.FromSeconds(10);

    /// <summary>How many connections may be between their first byte and their acceptance at one listener. Default 256; more are refused.</summary>
    public int AcceptBacklog
    {
        get;
        init => field = Ranges.Require(value, 1, ushort.MaxValue, nameof(AcceptBacklog));
    } = 256;

    /// <summary>How many bytes the peer may send on a stream before anybody has read from it.</summary>
    internal int FirstStreamWindow
        => Math.Min(
            StreamReceiveWindow,
            Math.Max(4 * 1024, ConnectionReceiveWindow / 2 / Math.Max(1, MaxInboundBidirectionalStreams + MaxInboundUnidirectionalStreams)));

    /// <summary>The clock of all time-outs. Those inside MsQuic are not under its control.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where log lines go. Default nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
