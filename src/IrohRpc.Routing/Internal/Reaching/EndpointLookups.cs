using IrohRpc.Identity;
using IrohRpc.Reach.Lookup;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Reaching;

/// <summary>The lookups of an endpoint, those that it was given and those that it made, as one.</summary>
internal sealed class EndpointLookups : IAsyncDisposable
{
    private readonly List<IAddressLookup> _owned = [];

    private EndpointLookups()
    {
    }

    /// <summary>All of them; null where there is none.</summary>
    public IAddressLookup? Combined { get; private set; }

    /// <summary>Makes what the options ask for.</summary>
    /// <param name="options">The endpoint's options.</param>
    /// <param name="key">The endpoint's key, which outlives the result.</param>
    /// <param name="logger">Where failures are logged to.</param>
    public static EndpointLookups Create(PeerEndpointOptions options, SecretKey key, ILogger logger)
    {
        var lookups = new EndpointLookups();
        foreach (Func<SecretKey, IAddressLookup> factory in options.AddressLookupFactories)
        {
            lookups._owned.Add(factory(key));
        }

        IAddressLookup[] all = [.. options.AddressLookups, .. lookups._owned];
        lookups.Combined = all.Length == 0 ? null : new AddressLookups(all, logger);
        return lookups;
    }

    /// <summary>Disposes of those that the endpoint made.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (IAddressLookup lookup in _owned)
        {
            switch (lookup)
            {
                case IAsyncDisposable disposable:
                    await disposable.DisposeAsync().ConfigureAwait(false);
                    break;
                case IDisposable disposable:
                    disposable.Dispose();
                    break;
            }
        }
    }
}
