using System.Net;
using IrohRpc.Reach.Lookup;
using IrohRpc.Reach.Lookup.Pkarr;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Reach.Tests.Lookup;

public sealed class PkarrRelayLookupTests
{
    private static readonly TransportAddress Relay = TransportAddress.Relay("https://relay.example/");
    private static readonly TransportAddress Direct = TransportAddress.Ip(IPEndPoint.Parse("192.0.2.1:7000"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_endpoint_publishes_another_resolves()
    {
        await using TestPkarrRelay relay = await TestPkarrRelay.StartAsync();
        using SecretKey key = SecretKey.Generate();
        await using var publisher = new PkarrRelayLookup(relay.Url, key, new PkarrRelayOptions { PublishDirectAddresses = true });
        await using var resolver = new PkarrRelayLookup(relay.Url);
        publisher.Publish(new EndpointData([Relay, Direct], "hello"));
        await relay.NextPutAsync();
        EndpointData found = Assert.Single(await resolver.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel));
        Assert.Equal([Relay, Direct], found.Addresses);
        Assert.Equal("hello", found.UserData);
        Assert.Equal(ZBase32.Encode(key.Id), Assert.Single(relay.Packets.Keys));
    }

    [Fact]
    public async Task Only_the_relay_is_published_unless_addresses_are_asked_for()
    {
        await using TestPkarrRelay relay = await TestPkarrRelay.StartAsync();
        using SecretKey key = SecretKey.Generate();
        await using var lookup = new PkarrRelayLookup(relay.Url, key);
        lookup.Publish(new EndpointData([Relay, Direct]));
        await relay.NextPutAsync();
        Assert.Equal([Relay], Assert.Single(await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel)).Addresses);
    }

    [Fact]
    public async Task Who_has_published_nothing_is_not_found()
    {
        await using TestPkarrRelay relay = await TestPkarrRelay.StartAsync();
        using SecretKey key = SecretKey.Generate();
        await using var lookup = new PkarrRelayLookup(relay.Url);
        Assert.Empty(await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel));
    }

    [Fact]
    public async Task A_packet_is_published_again_with_a_later_time_before_it_is_forgotten()
    {
        await using TestPkarrRelay relay = await TestPkarrRelay.StartAsync();
        using SecretKey key = SecretKey.Generate();
        var time = new FakeTimeProvider();
        await using var lookup = new PkarrRelayLookup(relay.Url, key, new PkarrRelayOptions { TimeProvider = time });
        lookup.Publish(new EndpointData([Relay]));
        ulong last = 0;
        for (int i = 0; i < 5; i++)
        {
            Task<byte[]> next = relay.NextPutAsync();
            while (!next.IsCompleted)
            {
                // The clock may move before the publisher waits for it, so it moves until the publisher has heard it.
                await Task.Yield();
                time.Advance(TimeSpan.FromMinutes(1));
            }

            Assert.True(SignedPacket.TryParse(key.Id, await next, out SignedPacket? packet, out _));
            Assert.True(packet.Timestamp > last);
            last = packet.Timestamp;
        }
    }

    [Fact]
    public async Task A_change_is_published_at_once_and_after_a_failure_again()
    {
        await using TestPkarrRelay relay = await TestPkarrRelay.StartAsync();
        using SecretKey key = SecretKey.Generate();
        var time = new FakeTimeProvider();
        await using var lookup = new PkarrRelayLookup(relay.Url, key, new PkarrRelayOptions { TimeProvider = time });
        lookup.Publish(new EndpointData([Relay]));
        await relay.NextPutAsync();
        relay.Status = 500;
        TransportAddress moved = TransportAddress.Relay("https://other.example/");
        lookup.Publish(new EndpointData([moved]));
        await relay.NextPutAsync();
        relay.Status = null;
        Task<byte[]> again = relay.NextPutAsync();
        while (!again.IsCompleted)
        {
            await Task.Yield();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(SignedPacket.TryParse(key.Id, await again, out SignedPacket? packet, out _));
        Assert.Equal([moved], packet.Data.Addresses);
    }

    [Fact]
    public async Task A_packet_that_the_relay_forged_is_refused()
    {
        await using TestPkarrRelay relay = await TestPkarrRelay.StartAsync();
        using SecretKey victim = SecretKey.Generate();
        using SecretKey forger = SecretKey.Generate();
        relay.Packets[ZBase32.Encode(victim.Id)] = SignedPacket.Create(forger, new EndpointData([Direct]), 1).Bytes.ToArray();
        await using var lookup = new PkarrRelayLookup(relay.Url);
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            async () => await lookup.ResolveAsync(victim.Id, Cancel).ToListAsync(Cancel));
        Assert.Contains("signature", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_packet_is_refused_once_a_newer_one_was_seen()
    {
        await using TestPkarrRelay relay = await TestPkarrRelay.StartAsync();
        using SecretKey key = SecretKey.Generate();
        await using var lookup = new PkarrRelayLookup(relay.Url);
        ulong now = Microseconds(DateTimeOffset.UtcNow);
        relay.Packets[ZBase32.Encode(key.Id)] = SignedPacket.Create(key, new EndpointData([Direct]), now).Bytes.ToArray();
        Assert.Single(await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel));
        Assert.Single(await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel));
        relay.Packets[ZBase32.Encode(key.Id)] = SignedPacket.Create(key, new EndpointData([Direct]), now - 1).Bytes.ToArray();
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            async () => await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel));
        Assert.Contains("newer", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(25, true)]
    public async Task A_packet_is_refused_that_is_older_than_a_day(int hours, bool isRefused)
    {
        await using TestPkarrRelay relay = await TestPkarrRelay.StartAsync();
        using SecretKey key = SecretKey.Generate();
        relay.Packets[ZBase32.Encode(key.Id)]
            = SignedPacket.Create(key, new EndpointData([Direct]), Microseconds(DateTimeOffset.UtcNow.AddHours(-hours))).Bytes.ToArray();
        await using var lookup = new PkarrRelayLookup(relay.Url);
        await using var patient = new PkarrRelayLookup(relay.Url, options: new PkarrRelayOptions { MaxAge = Timeout.InfiniteTimeSpan });
        Assert.Single(await patient.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel));
        Exception? error = await Record.ExceptionAsync(async () => await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel));
        Assert.Equal(isRefused, error is InvalidDataException);
    }

    [Fact]
    public void What_is_remembered_of_endpoints_is_bounded()
    {
        var freshness = new PacketFreshness(Timeout.InfiniteTimeSpan, TimeProvider.System);
        using SecretKey first = SecretKey.Generate();
        Assert.True(freshness.TryTake(SignedPacket.Create(first, new EndpointData([Direct]), 2), out _));
        Assert.False(freshness.TryTake(SignedPacket.Create(first, new EndpointData([Direct]), 1), out _));
        for (int i = 0; i < PacketFreshness.MaxEndpoints; i++)
        {
            using SecretKey other = SecretKey.Generate();
            Assert.True(freshness.TryTake(SignedPacket.Create(other, new EndpointData([Direct]), 1), out _));
        }

        Assert.True(freshness.TryTake(SignedPacket.Create(first, new EndpointData([Direct]), 1), out _));
    }

    private static ulong Microseconds(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [Fact]
    public async Task An_answer_without_end_is_read_no_further_than_a_packet_goes()
    {
        await using TestPkarrRelay relay = await TestPkarrRelay.StartAsync();
        using SecretKey key = SecretKey.Generate();
        relay.Packets[ZBase32.Encode(key.Id)] = new byte[10_000_000];
        await using var lookup = new PkarrRelayLookup(relay.Url);
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            async () => await lookup.ResolveAsync(key.Id, Cancel).ToListAsync(Cancel));
        Assert.Contains("this has 1073", error.Message, StringComparison.Ordinal);
    }
}
