namespace IrohRpc.Gossip.Net;

/// <summary>Where peers were said to be. What others say may be wrong, which the handshake finds out. Not safe for several threads.</summary>
internal sealed class AddressBook
{
    private const int MaxPeers = 4096;
    private const int MaxAddressesPerPeer = 32;

    private readonly OrderedDictionary<EndpointId, EndpointAddress> _addresses = [];

    public void Add(EndpointAddress address)
    {
        if (_addresses.TryGetValue(address.Id, out EndpointAddress? known))
        {
            // The newest is kept in any case: a peer that moved is found at its new place.
            _addresses.Remove(address.Id);
            address = new EndpointAddress(address.Id, address.Addresses.Concat(known.Addresses).Distinct().Take(MaxAddressesPerPeer));
        }
        else if (_addresses.Count >= MaxPeers)
        {
            _addresses.RemoveAt(0);
        }

        _addresses.Add(address.Id, address);
    }

    public EndpointAddress? Find(EndpointId id) => _addresses.GetValueOrDefault(id);
}
