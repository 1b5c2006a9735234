using System.Net;
using IrohRpc.Identity;
using IrohRpc.Quic.Transport.Internal;

namespace IrohRpc.Reach.Tests.Endpoints;

/// <summary>What is made of what peers say about where they see an endpoint.</summary>
public sealed class ReportedAddressesTests
{
    private static readonly IPEndPoint One = IPEndPoint.Parse("203.0.113.1:1");
    private static readonly IPEndPoint Two = IPEndPoint.Parse("203.0.113.2:2");

    private readonly ReportedAddresses _addresses = new();
    private readonly object _first = new();
    private readonly object _second = new();

    [Fact]
    public void What_more_peers_say_comes_first()
    {
        _addresses.Set(_first, Peer(), One);
        _addresses.Set(_second, Peer(), Two);
        _addresses.Set(new object(), Peer(), Two);
        Assert.Equal([new ReportedAddress(Two, 2), new ReportedAddress(One, 1)], _addresses.Current);
    }

    [Fact]
    public void A_peer_counts_once_however_many_connections_it_has()
    {
        EndpointId peer = Peer();
        _addresses.Set(_first, peer, One);
        _addresses.Set(_second, peer, One);
        Assert.Equal([new ReportedAddress(One, 1)], _addresses.Current);
        _addresses.Remove(_first);
        Assert.Equal([new ReportedAddress(One, 1)], _addresses.Current);
        _addresses.Remove(_second);
        Assert.Empty(_addresses.Current);
    }

    [Fact]
    public void The_last_word_of_a_connection_counts()
    {
        EndpointId peer = Peer();
        _addresses.Set(_first, peer, One);
        _addresses.Set(_first, peer, Two);
        Assert.Equal([new ReportedAddress(Two, 1)], _addresses.Current);
        _addresses.Remove(_first);
        _addresses.Remove(_first);
        Assert.Empty(_addresses.Current);
    }

    [Fact]
    public void Invented_addresses_neither_fill_the_memory_nor_count_more_than_what_two_say()
    {
        _addresses.Set(_first, Peer(), One);
        for (int i = 0; i < 1000; i++)
        {
            _addresses.Set(new object(), Peer(), new IPEndPoint(0x0100000a, 1 + i));
        }

        _addresses.Set(_second, Peer(), One);
        Assert.Equal(new ReportedAddress(One, 2), _addresses.Current[0]);
        Assert.Equal(ReportedAddresses.MaxCurrent, _addresses.Current.Count);
    }

    [Fact]
    public async Task A_change_is_told_and_what_changes_nothing_is_not()
    {
        int told = 0;
        var changed = new SemaphoreSlim(0);
        _addresses.Changed = () =>
        {
            Interlocked.Increment(ref told);
            changed.Release();
        };
        EndpointId peer = Peer();
        _addresses.Set(_first, peer, One);
        _addresses.Set(_first, peer, One);
        _addresses.Set(_second, peer, One);
        _addresses.Remove(_second);
        _addresses.Remove(_first);
        await changed.WaitAsync(TestContext.Current.CancellationToken).Soon();
        await changed.WaitAsync(TestContext.Current.CancellationToken).Soon();
        Assert.Equal((2, 0), (told, _addresses.Current.Count));
    }

    private static EndpointId Peer()
    {
        using var key = SecretKey.Generate();
        return key.Id;
    }
}
