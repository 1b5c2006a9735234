using MemoryPack;

namespace IrohRpc.Tests;

/// <summary>A contract whose values name peers.</summary>
[Alpn("address-book/1")]
public partial interface IAddressBook
{
    ValueTask<EndpointId> IdAsync(EndpointId id, CancellationToken cancellationToken = default);

    ValueTask<EndpointTicket?> TicketAsync(EndpointTicket? ticket, CancellationToken cancellationToken = default);

    ValueTask<EndpointAddress> AddressAsync(EndpointAddress address, CancellationToken cancellationToken = default);

    ValueTask<Dictionary<EndpointId, List<EndpointTicket>>> AllAsync(Dictionary<EndpointId, List<EndpointTicket>> all, CancellationToken cancellationToken = default);

    ValueTask<Card> CardAsync(Card card, CancellationToken cancellationToken = default);

    IAsyncEnumerable<EndpointAddress> AddressesAsync(IAsyncEnumerable<EndpointAddress> addresses, CancellationToken cancellationToken = default);
}

/// <summary>A record with peers in it.</summary>
[MemoryPackable]
public sealed partial record Card(EndpointId Id, EndpointTicket Ticket, EndpointAddress? Address);
