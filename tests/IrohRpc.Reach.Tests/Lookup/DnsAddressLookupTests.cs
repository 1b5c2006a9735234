using System.Net;
using IrohRpc.Reach.Lookup;

namespace IrohRpc.Reach.Tests.Lookup;

public sealed class DnsAddressLookupTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_endpoint_is_found_at_its_name()
    {
        await using var server = new TestDnsServer();
        using SecretKey key = SecretKey.Generate();
        server.Texts[$"_iroh.{ZBase32.Encode(key.Id)}.dns.example"] = ["addr=192.0.2.1:7000", "relay=https://relay.example/", "addr=[2001:db8::1]:7000"];
        var lookup = new DnsAddressLookup("dns.example.", Options(server));
        EndpointData found = Assert.Single(await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel));
        Assert.Equal(3, found.Addresses.Count);
        Assert.Contains(TransportAddress.Ip(IPEndPoint.Parse("192.0.2.1:7000")), found.Addresses);
    }

    [Fact]
    public async Task Who_is_not_in_the_DNS_is_not_found()
    {
        await using var server = new TestDnsServer();
        using SecretKey key = SecretKey.Generate();
        var lookup = new DnsAddressLookup("dns.example", Options(server));
        Assert.Empty(await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_lost_query_costs_no_time_out()
    {
        await using var server = new TestDnsServer { Deaf = 2 };
        using SecretKey key = SecretKey.Generate();
        server.Texts[$"_iroh.{ZBase32.Encode(key.Id)}.dns.example"] = ["addr=192.0.2.1:7000"];
        var lookup = new DnsAddressLookup("dns.example", Options(server, queryTimeout: TimeSpan.FromMinutes(5)));
        Assert.Single(await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel).AsTask().Soon());
        Assert.InRange(server.Queries, 3, 7);
    }

    [Fact]
    public async Task Giving_up_ends_the_lookup()
    {
        await using var server = new TestDnsServer { Deaf = int.MaxValue };
        using SecretKey key = SecretKey.Generate();
        using var giveUp = new CancellationTokenSource();
        var lookup = new DnsAddressLookup("dns.example", Options(server, queryTimeout: TimeSpan.FromMinutes(5)));
        Task<List<EndpointData>> resolving = lookup.ResolveAsync(key.Id, giveUp.Token).ToListAsync(CancellationToken.None).AsTask();
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolving.Soon());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("not a name")]
    [InlineData("127.0.0.1")]
    public void What_is_no_domain_is_refused(string origin)
        => Assert.ThrowsAny<ArgumentException>(() => new DnsAddressLookup(origin));

    private static DnsAddressLookupOptions Options(TestDnsServer server, TimeSpan? queryTimeout = null) => new()
    {
        Servers = [server.EndPoint],
        QueryTimeout = queryTimeout ?? TimeSpan.FromSeconds(20),
        Stagger = [.. Enumerable.Range(1, 6).Select(static i => TimeSpan.FromMilliseconds(20 * i))],
    };
}
