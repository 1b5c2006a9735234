using System.Collections.Concurrent;

namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>At which address each peer was reached last, so that the next dial begins there and does not wait for those that are stale.</summary>
internal sealed class LastGoodAddresses
{
    // Beyond so many peers the memory begins anew: what it costs is a quarter of a second for each stale address.
    private const int MostPeers = 4096;

    private readonly ConcurrentDictionary<EndpointId, TransportAddress> _addresses = new();

    public TransportAddress? Find(EndpointId peer) => _addresses.GetValueOrDefault(peer);

    public void Reached(EndpointId peer, TransportAddress address)
    {
        if (_addresses.Count >= MostPeers)
        {
            _addresses.Clear();
        }

        _addresses[peer] = address;
    }

    public void Failed(EndpointId peer) => _addresses.TryRemove(peer, out _);
}
