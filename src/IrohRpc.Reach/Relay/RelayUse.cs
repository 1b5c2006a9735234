using IrohRpc.Reach.Relay.Protocol;

namespace IrohRpc.Reach.Relay;

/// <summary>A relay that is in use: the session with it, and when it was used last.</summary>
internal sealed class RelayUse : IRelayReceiver
{
    private readonly RelayNetwork _network;
    private long _lastUsed;

    /// <summary>Starts a session.</summary>
    public RelayUse(RelayNetwork network, string url, SecretKey key, RelaySessionOptions options)
    {
        _network = network;
        Url = url;
        Session = new RelaySession(new Uri(url), key, options, this);
    }

    /// <summary>The relay, in the normal form of its URL.</summary>
    public string Url { get; }

    /// <summary>Whether the relay is the endpoint's home.</summary>
    public bool IsHome => _network.IsHome(this);

    /// <summary>The session.</summary>
    public RelaySession Session { get; }

    /// <summary>When datagrams passed last, in the clock's timestamps.</summary>
    public long LastUsed
    {
        get => Volatile.Read(ref _lastUsed);
        set => Volatile.Write(ref _lastUsed, value);
    }

    /// <inheritdoc/>
    public void OnDatagrams(RelayDatagrams datagrams) => _network.HandleDatagrams(this, datagrams);

    /// <inheritdoc/>
    public void OnEndpointGone(EndpointId peer)
    {
        // The peer may come back at once; the connection's own time-outs tell.
    }

    /// <inheritdoc/>
    public void OnStateChanged(RelaySessionState state, string? problem) => _network.HandleState(this, state, problem);
}
