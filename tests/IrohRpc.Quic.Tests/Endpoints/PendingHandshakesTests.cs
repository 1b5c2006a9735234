using System.Net;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Endpoints;

namespace IrohRpc.Quic.Tests.Endpoints;

public class PendingHandshakesTests
{
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Later = Start + TimeSpan.FromSeconds(2);

    [Fact]
    public void One_host_gets_half_of_the_places_and_others_the_rest()
    {
        var pending = new PendingHandshakes(8);
        for (int i = 0; i < 4; i++)
        {
            Assert.NotNull(pending.TryAdd(Address("192.0.2.1", i), Start, out _));
        }

        Assert.Null(pending.TryAdd(Address("192.0.2.1", 9), Start, out PendingHandshakes.Entry? shed));
        Assert.Null(shed);
        Assert.NotNull(pending.TryAdd(Address("192.0.2.2", 9), Start, out _));
    }

    [Fact]
    public void One_IPv6_network_counts_as_one_host()
    {
        var pending = new PendingHandshakes(4);
        Assert.NotNull(pending.TryAdd(Address("2001:db8::1", 1), Start, out _));
        Assert.NotNull(pending.TryAdd(Address("2001:db8::2", 1), Start, out _));
        Assert.Null(pending.TryAdd(Address("2001:db8::3", 1), Start, out _));
        Assert.NotNull(pending.TryAdd(Address("2001:db8:0:1::3", 1), Start, out _));
    }

    [Fact]
    public void The_oldest_silent_one_goes_first()
    {
        var pending = new PendingHandshakes(2);
        PendingHandshakes.Entry answered = pending.TryAdd(Address("192.0.2.1", 1), Start, out _)!;
        answered.HasAnswered = true;
        PendingHandshakes.Entry silent = pending.TryAdd(Address("192.0.2.2", 1), Start, out _)!;
        Assert.NotNull(pending.TryAdd(Address("192.0.2.3", 1), Later, out PendingHandshakes.Entry? shed));
        Assert.Same(silent, shed);
        Assert.Equal(2, pending.Count);
    }

    [Fact]
    public void Who_has_answered_keeps_the_place()
    {
        var pending = new PendingHandshakes(2);
        pending.TryAdd(Address("192.0.2.1", 1), Start, out _)!.HasAnswered = true;
        pending.TryAdd(Address("192.0.2.2", 1), Start, out _)!.HasAnswered = true;
        Assert.Null(pending.TryAdd(Address("192.0.2.3", 1), Later, out PendingHandshakes.Entry? shed));
        Assert.Null(shed);
    }

    [Fact]
    public void Who_takes_too_much_sheds_its_own()
    {
        var pending = new PendingHandshakes(4);
        PendingHandshakes.Entry other = pending.TryAdd(Address("192.0.2.9", 1), Start, out _)!;
        PendingHandshakes.Entry first = pending.TryAdd(Address("192.0.2.1", 1), Start, out _)!;
        pending.TryAdd(Address("192.0.2.1", 2), Start, out _);
        Assert.NotNull(pending.TryAdd(Address("192.0.2.1", 3), Later, out PendingHandshakes.Entry? shed));
        Assert.Same(first, shed);
        Assert.NotSame(other, shed);
    }

    [Fact]
    public void A_place_is_given_back_once()
    {
        var pending = new PendingHandshakes(8);
        PendingHandshakes.Entry entry = pending.TryAdd(Address("192.0.2.1", 1), Start, out _)!;
        Assert.True(pending.DemandsRetry);
        pending.Remove(entry);
        pending.Remove(entry);
        Assert.Equal(0, pending.Count);
        Assert.False(pending.DemandsRetry);
    }

    private static UdpAddress Address(string host, int port) => UdpAddress.From(new IPEndPoint(IPAddress.Parse(host), port));
}
