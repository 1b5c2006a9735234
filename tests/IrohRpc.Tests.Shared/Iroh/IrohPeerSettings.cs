namespace IrohRpc.Tests.Shared.Iroh;

/// <summary>How an <see cref="IrohPeer"/> starts.</summary>
internal sealed record IrohPeerSettings
{
    /// <summary>The version of iroh, one of those that are installed.</summary>
    public string Version { get; init; } = IrohInstallation.Iroh1;

    /// <summary>The ALPN that it accepts, and dials with.</summary>
    public string Alpn { get; init; } = IrohPeer.Alpn;

    /// <summary>Its home relay; null for none. Known to iroh 1.x only.</summary>
    public Uri? Relay { get; init; }

    /// <summary>Whether it answers a first packet with Retry. Known to iroh 1.x only.</summary>
    public bool Retry { get; init; }

    /// <summary>The name server by which it looks peers up that it has no address of; null for none. Known to iroh 1.x only.</summary>
    public string? NameServer { get; init; }
}
