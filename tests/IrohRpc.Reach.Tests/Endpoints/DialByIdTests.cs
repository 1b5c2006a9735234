using System.Net;
using IrohRpc.Reach.Lookup;
using IrohRpc.Reach.Lookup.Pkarr;
using IrohRpc.Reach.Tests.Lookup;

namespace IrohRpc.Reach.Tests.Endpoints;

/// <summary>Endpoints that know nothing of each other but the id, with a DNS server and a pkarr relay of the test's between them.</summary>
public sealed class DialByIdTests
{
    private const string Alpn = "reach/1";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_id_is_enough_where_the_DNS_knows_the_peer()
    {
        await using var dns = new TestDnsServer();
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Alpns = [Alpn] }, Cancel);
        dns.Texts[$"_iroh.{ZBase32.Encode(server.Id)}.dns.example"] = [.. new EndpointData(server.Address.Addresses).ToAttributes()];
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { ListenOn = [], AddressLookups = [DnsAt(dns.EndPoint)] }, Cancel);
        await using PeerConnection connection = await client.DialAsync(server.Id, Alpn, Cancel).AsTask().Soon();
        Assert.Equal(server.Id, connection.PeerId);
    }

    [Fact]
    public async Task The_id_is_enough_where_the_peer_publishes_at_a_pkarr_relay()
    {
        await using TestPkarrRelay relay = await TestPkarrRelay.StartAsync();
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(Publishing(relay), Cancel);
        await relay.NextPutAsync();
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(Asking(relay), Cancel);
        await using PeerConnection connection = await client.DialAsync(server.Id, Alpn, Cancel).AsTask().Soon();
        Assert.Equal(server.Id, connection.PeerId);
    }

    [Fact]
    public async Task A_peer_that_came_back_at_another_address_is_found_there()
    {
        using SecretKey key = SecretKey.Generate();
        await using TestPkarrRelay relay = await TestPkarrRelay.StartAsync();
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(Asking(relay), Cancel);
        for (int life = 0; life < 2; life++)
        {
            await using PeerEndpoint server = await PeerEndpoint.BindAsync(Publishing(relay, key), Cancel);
            await relay.NextPutAsync();
            await using PeerConnection connection = await client.DialAsync(server.Id, Alpn, Cancel).AsTask().Soon();
            Assert.Contains(connection.RemoteAddress, server.Address.Addresses);
        }
    }

    [Fact]
    public async Task Where_somebody_else_answers_for_the_peer_the_dial_fails_and_names_it()
    {
        using SecretKey key = SecretKey.Generate();
        await using PeerEndpoint stranger = await PeerEndpoint.BindAsync(new PeerEndpointOptions { Alpns = [Alpn] }, Cancel);
        var lookup = new StaticAddressLookup();
        lookup.Set(new EndpointAddress(key.Id, stranger.Address.Addresses));
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(new PeerEndpointOptions { ListenOn = [], AddressLookups = [lookup] }, Cancel);
        PeerException error = await Assert.ThrowsAsync<PeerException>(() => client.DialAsync(key.Id, Alpn, Cancel).AsTask().Soon());
        Assert.Equal(PeerErrorKind.WrongPeer, error.Kind);
    }

    [Theory]
    [InlineData(AddressPublishing.Full)]
    [InlineData(AddressPublishing.Nothing)]
    public async Task An_endpoint_publishes_as_much_as_it_was_told_to(AddressPublishing publishing)
    {
        var lookup = new RecordingLookup();
        await using PeerEndpoint server = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { AddressLookups = [lookup], Publishing = publishing }, Cancel);
        if (publishing == AddressPublishing.Nothing)
        {
            Assert.Null(lookup.Published);
        }
        else
        {
            Assert.Equal(server.Address.Addresses, lookup.Published!.Addresses);
        }
    }

    [Fact]
    public async Task A_lookup_that_the_endpoint_made_ends_with_it()
    {
        var lookup = new RecordingLookup();
        using SecretKey key = SecretKey.Generate();
        EndpointId made = default;
        PeerEndpoint endpoint = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions
            {
                SecretKey = key,
                AddressLookupFactories =
                [
                    given =>
                    {
                        made = given.Id;
                        return lookup;
                    },
                ],
            },
            Cancel);
        Assert.Equal((key.Id, false), (made, lookup.IsDisposed));
        await endpoint.DisposeAsync();
        Assert.True(lookup.IsDisposed);
    }

    private static DnsAddressLookup DnsAt(IPEndPoint server) => new("dns.example", new DnsAddressLookupOptions { Servers = [server] });

    private static PeerEndpointOptions Publishing(TestPkarrRelay relay, SecretKey? key = null) => new()
    {
        SecretKey = key,
        Alpns = [Alpn],
        AddressLookupFactories = [own => new PkarrRelayLookup(relay.Url, own)],
    };

    private static PeerEndpointOptions Asking(TestPkarrRelay relay) => new()
    {
        ListenOn = [],
        AddressLookupFactories = [_ => new PkarrRelayLookup(relay.Url)],
    };

    private sealed class RecordingLookup : IAddressLookup, IDisposable
    {
        public string Name => "recording";

        public EndpointData? Published { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;

        public void Publish(EndpointData data) => Published = data;

        public IAsyncEnumerable<EndpointData> ResolveAsync(EndpointId id, CancellationToken cancellationToken) => AsyncEnumerable.Empty<EndpointData>();
    }
}
