using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace IrohRpc.Reach.Lookup;

/// <summary>Addresses that the program knows: from configuration, from tickets, from a directory of its own.</summary>
public sealed class StaticAddressLookup : IAddressLookup
{
    private readonly ConcurrentDictionary<EndpointId, EndpointData> _endpoints = new();

    /// <inheritdoc/>
    public string Name => "static";

    /// <summary>Makes an endpoint known, in the place of what was known of it.</summary>
    /// <param name="address">The endpoint and its addresses.</param>
    public void Set(EndpointAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _endpoints[address.Id] = new EndpointData(address.Addresses);
    }

    /// <summary>Adds addresses to what is known of an endpoint.</summary>
    /// <param name="address">The endpoint and the further addresses.</param>
    public void Add(EndpointAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        _endpoints.AddOrUpdate(
            address.Id,
            static (_, added) => new EndpointData(added.Addresses),
            static (_, known, added) => new EndpointData(known.Addresses.Concat(added.Addresses).Distinct(), known.UserData),
            address);
    }

    /// <summary>Forgets an endpoint.</summary>
    /// <param name="id">Which.</param>
    /// <returns>Whether it was known.</returns>
    public bool Remove(EndpointId id) => _endpoints.TryRemove(id, out _);

    /// <inheritdoc/>
    public async IAsyncEnumerable<EndpointData> ResolveAsync(EndpointId id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_endpoints.TryGetValue(id, out EndpointData? data))
        {
            yield return data;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
