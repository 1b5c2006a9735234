namespace IrohRpc.Quic.Addresses;

/// <summary>The two ends of a path that datagrams take (RFC 9000, section 9).</summary>
/// <param name="Remote">The peer's end.</param>
/// <param name="Local">This side's end; unspecified where the platform does not tell, or where the socket is to choose.</param>
internal readonly record struct NetworkPath(UdpAddress Remote, UdpAddress Local = default)
{
    /// <summary>Whether a datagram that came over <paramref name="other"/> came over this path. An unspecified local end matches any.</summary>
    public bool Matches(in NetworkPath other) => Remote == other.Remote
        && (Local == other.Local || Local.IsUnspecified || other.Local.IsUnspecified);
}
