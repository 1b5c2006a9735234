using System.Net;
using IrohRpc.Testing;

namespace IrohRpc.Tests;

/// <summary>Ids, tickets and addresses as values of a contract.</summary>
public sealed class AddressBookTests : IAsyncLifetime
{
    private static readonly EndpointAddress Address = new(SecretKey.Generate().Id, TransportAddress.Ip(IPEndPoint.Parse("192.0.2.1:4433")), TransportAddress.Relay("https://relay.example/"));

    private readonly MemoryNetwork _network = new();
    private PeerEndpoint _server = null!;
    private PeerEndpoint _client = null!;
    private Router _router = null!;
    private IAddressBook _book = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await PeerEndpoint.BindAsync(new() { Transports = [_network.Transport] });
        _client = await PeerEndpoint.BindAsync(new() { Transports = [_network.Transport] });
        _router = await _server.Route().Map<IAddressBook>(new Book()).StartAsync();
        _book = _client.Connect<IAddressBook>(_server.Ticket);
    }

    public async ValueTask DisposeAsync()
    {
        await _client.DisposeAsync();
        await _router.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Each_arrives_as_it_left()
    {
        EndpointTicket ticket = new(Address);
        Assert.Equal(Address.Id, await _book.IdAsync(Address.Id, Cancel));
        Assert.Equal(ticket, await _book.TicketAsync(ticket, Cancel));
        Assert.Null(await _book.TicketAsync(null, Cancel));
        Assert.Equal(Address, await _book.AddressAsync(Address, Cancel));
        Assert.Equal(Address.Id, (await _book.AddressAsync(Address.Id, Cancel)).Id);
        var card = new Card(Address.Id, ticket, null);
        Assert.Equal(card, await _book.CardAsync(card, Cancel));
        Assert.Equal(card with { Address = Address }, await _book.CardAsync(card with { Address = Address }, Cancel));
        Dictionary<EndpointId, List<EndpointTicket>> all = await _book.AllAsync(new() { [Address.Id] = [ticket, ticket] }, Cancel);
        Assert.Equal([ticket, ticket], all[Address.Id]);
        Assert.Equal([Address], await _book.AddressesAsync(new[] { Address }.ToAsyncEnumerable(), Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task Null_is_refused_where_the_contract_does()
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(async () => await _book.AddressAsync(null!, Cancel));
        Assert.Equal(RpcStatusCode.InvalidArgument, refused.StatusCode);
    }

    [Theory]
    [InlineData("endpointx"), InlineData(""), InlineData("not a ticket")]
    public void What_is_no_ticket_is_an_argument_that_cannot_be_read(string text)
    {
        CompilerServices.PayloadFormatters.ReplaceEndpointTicket();
        byte[] bytes = MemoryPack.MemoryPackSerializer.Serialize(text);
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => MemoryPack.MemoryPackSerializer.Deserialize<EndpointTicket>(bytes));
        Assert.NotEmpty(refused.Message);
    }

    private sealed class Book : IAddressBook
    {
        public ValueTask<EndpointId> IdAsync(EndpointId id, CancellationToken cancellationToken) => new(id);

        public ValueTask<EndpointTicket?> TicketAsync(EndpointTicket? ticket, CancellationToken cancellationToken) => new(ticket);

        public ValueTask<EndpointAddress> AddressAsync(EndpointAddress address, CancellationToken cancellationToken) => new(address);

        public ValueTask<Dictionary<EndpointId, List<EndpointTicket>>> AllAsync(Dictionary<EndpointId, List<EndpointTicket>> all, CancellationToken cancellationToken) => new(all);

        public ValueTask<Card> CardAsync(Card card, CancellationToken cancellationToken) => new(card);

        public IAsyncEnumerable<EndpointAddress> AddressesAsync(IAsyncEnumerable<EndpointAddress> addresses, CancellationToken cancellationToken) => addresses;
    }
}
