namespace IrohRpc.Gossip.Membership;

/// <summary>A few peers without order, from which one is taken at random.</summary>
internal sealed class View(Random random)
{
    private readonly List<EndpointId> _peers = [];

    public int Count => _peers.Count;

    public IReadOnlyList<EndpointId> Peers => _peers;

    public bool Contains(EndpointId peer) => _peers.Contains(peer);

    public bool Add(EndpointId peer)
    {
        if (_peers.Contains(peer))
        {
            return false;
        }

        _peers.Add(peer);
        return true;
    }

    public bool Remove(EndpointId peer) => _peers.Remove(peer);

    public EndpointId? Pick(params ReadOnlySpan<EndpointId> without)
    {
        int candidates = 0;
        EndpointId? picked = null;
        foreach (EndpointId peer in _peers)
        {
            // Each candidate replaces the one before with a chance that leaves all equally likely.
            if (!without.Contains(peer) && random.Next(++candidates) == 0)
            {
                picked = peer;
            }
        }

        return picked;
    }

    /// <summary>Some of the peers, in random order.</summary>
    public List<EndpointId> Sample(int count, EndpointId? without = null)
    {
        EndpointId[] peers = [.. _peers.Where(peer => peer != without)];
        random.Shuffle(peers);
        return [.. peers.Take(count)];
    }
}
