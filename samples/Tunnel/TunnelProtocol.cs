using System.Net.Sockets;

namespace Tunnel;

/// <summary>What the two sides say to each other. The README has it as a specification.</summary>
internal static class TunnelProtocol
{
    public const string Alpn = "tunnel/2";

    /// <summary>
    /// The first byte of every forwarded stream. A stream shows at the other side only once something is written to it, and in many
    /// protocols the server speaks first.
    /// </summary>
    public const byte Opening = 0x00;

    /// <summary>The code of a connection whose dialler does not have the ticket's secret.</summary>
    public const long NotAdmitted = 0x20;

    /// <summary>The most bytes that the name of the service may have.</summary>
    public const int MaxServiceName = 300;

    // Stream codes. Those below 16 belong to PeerStream.
    public const long Reset = 0x10;
    public const long ServiceRefused = 0x11;
    public const long ServiceUnreachable = 0x12;
    public const long ServiceTimedOut = 0x13;
    public const long ServiceNameUnknown = 0x14;
    public const long GoingAway = 0x15;
    public const long BadOpening = 0x16;

    /// <summary>The code that says why a service could not be reached.</summary>
    public static long CodeFor(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => ServiceRefused,
        SocketError.TimedOut => ServiceTimedOut,
        SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData => ServiceNameUnknown,
        _ => ServiceUnreachable,
    };

    /// <summary>What a code means, for people; null for an ordinary reset and for codes that are not the tunnel's.</summary>
    public static string? Explain(long? code, string service) => code switch
    {
        ServiceRefused => $"{service} refused the connection; is the service running next to the peer?",
        ServiceUnreachable => $"{service} cannot be reached from the peer",
        ServiceTimedOut => $"{service} did not answer the peer in time",
        ServiceNameUnknown => $"{service}: the peer cannot resolve this name",
        GoingAway => $"{service}: the peer is shutting down and takes no new connections",
        BadOpening => $"{service}: the peer did not understand the start of the stream",
        _ => null,
    };
}
