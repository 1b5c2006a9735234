using IrohRpc.Reach.Lookup;

namespace IrohRpc.Reach.Tests.Endpoints;

/// <summary>A directory in memory that the endpoints of a test share: each publishes under its own id.</summary>
internal sealed class SharedLookup
{
    private readonly StaticAddressLookup _known = new();

    public IAddressLookup For(SecretKey key) => new Own(this, key.Id);

    private sealed class Own(SharedLookup directory, EndpointId id) : IAddressLookup
    {
        public string Name => "shared";

        public IAsyncEnumerable<EndpointData> ResolveAsync(EndpointId peer, CancellationToken cancellationToken)
            => directory._known.ResolveAsync(peer, cancellationToken);

        public void Publish(EndpointData data) => directory._known.Set(new EndpointAddress(id, data.Addresses));
    }
}
