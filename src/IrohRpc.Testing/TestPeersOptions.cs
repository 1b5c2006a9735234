namespace IrohRpc.Testing;

/// <summary>How the peers of a test are made. Every property has a default that works.</summary>
public sealed class TestPeersOptions
{
    /// <summary>The network that the peers join, which may hold others already; null, the default, makes one.</summary>
    public MemoryNetwork? Network { get; set; }

    /// <summary>The clock of the network that is made, and of both endpoints: a fake one for tests of time-outs. Null, the default, is the system's.</summary>
    public TimeProvider? TimeProvider { get; set; }

    /// <summary>Changes the options of the endpoint that serves.</summary>
    public Action<PeerEndpointOptions>? ConfigureServer { get; set; }

    /// <summary>Changes the options of the endpoint that calls.</summary>
    public Action<PeerEndpointOptions>? ConfigureClient { get; set; }

    /// <summary>Options of the service; null for the defaults.</summary>
    public ServiceOptions? Service { get; set; }

    /// <summary>Options of the channel; null for the defaults.</summary>
    public PeerChannelOptions? Channel { get; set; }

    /// <summary>Options of the proxy's calls; null for those of the channel.</summary>
    public ClientOptions? Calls { get; set; }
}
