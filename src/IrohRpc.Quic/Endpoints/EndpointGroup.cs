using System.Collections.Concurrent;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Endpoints;

/// <summary>
/// Endpoints whose connections may move from one to another: a datagram finds its connection at whichever it arrives, and leaves from the one that reaches its
/// destination. Thread-safe.
/// </summary>
internal sealed class EndpointGroup
{
    private readonly Lock _lock = new();
    private volatile QuicEndpoint[] _members = [];

    /// <summary>Which connection an id leads to.</summary>
    public ConcurrentDictionary<ConnectionId, EndpointConnection> Routes { get; } = new();

    /// <summary>The endpoints that are open.</summary>
    public IReadOnlyList<QuicEndpoint> Members => _members;

    /// <summary>An endpoint has been opened.</summary>
    public void Add(QuicEndpoint endpoint)
    {
        lock (_lock)
        {
            _members = [.. _members, endpoint];
        }
    }

    /// <summary>An endpoint is about to be closed.</summary>
    public void Remove(QuicEndpoint endpoint)
    {
        lock (_lock)
        {
            _members = [.. _members.Where(member => member != endpoint)];
        }
    }

    /// <summary>An endpoint from which datagrams reach a destination. The caller releases it.</summary>
    public QuicEndpoint? Use(in UdpAddress destination)
    {
        foreach (QuicEndpoint endpoint in _members)
        {
            if (endpoint.Reaches(destination) && endpoint.TryAddUser())
            {
                return endpoint;
            }
        }

        return null;
    }
}
