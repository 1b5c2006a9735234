using IrohRpc.Transports;

namespace IrohRpc.Testing.Internal;

/// <summary>A transport that remembers who listens on it, so that a test finds the endpoints of a host that it did not bind itself.</summary>
internal sealed class RecordedListeners(ITransport inner) : ITransport
{
    private readonly Lock _gate = new();
    private readonly List<EndpointAddress> _addresses = [];

    public string Name => inner.Name;

    public string? UnsupportedReason => inner.UnsupportedReason;

    /// <summary>One for each endpoint, in the order in which they were bound.</summary>
    public IReadOnlyList<EndpointAddress> Addresses
    {
        get
        {
            lock (_gate)
            {
                return [.. _addresses];
            }
        }
    }

    public bool CanDial(TransportAddress address) => inner.CanDial(address);

    public ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
        => inner.DialAsync(address, request, cancellationToken);

    public async ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
    {
        ITransportListener listener = await inner.ListenAsync(request, cancellationToken).ConfigureAwait(false);
        EndpointId id = request.Settings.Certificates.Id;
        lock (_gate)
        {
            int known = _addresses.FindIndex(address => address.Id == id);
            if (known < 0)
            {
                _addresses.Add(new EndpointAddress(id, listener.LocalAddress));
            }
            else
            {
                _addresses[known] = _addresses[known].With(listener.LocalAddress);
            }
        }

        return listener;
    }
}
