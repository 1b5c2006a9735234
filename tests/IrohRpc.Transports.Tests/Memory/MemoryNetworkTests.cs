using System.Net;
using IrohRpc.Transports.Conformance;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Transports.Tests.Memory;

/// <summary>What a memory network does on command; what it does as a transport is in the conformance suite.</summary>
public sealed class MemoryNetworkTests : IAsyncLifetime
{
    private static readonly IPEndPoint Ignored = new(IPAddress.Loopback, 0);

    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly ConformancePeer _dialler = new();
    private readonly ConformancePeer _acceptor = new();
    private readonly MemoryNetwork _network;
    private ITransportListener _listener = null!;

    public MemoryNetworkTests() => _network = new MemoryNetwork(_clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PeerOptions Options => new() { TimeProvider = _clock };

    public async ValueTask InitializeAsync()
        => _listener = await _network.Transport.ListenAsync(new ListenRequest(Ignored, ["a"], Options.ToSettings(_acceptor)), Token);

    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        _dialler.Dispose();
        _acceptor.Dispose();
    }

    [Fact]
    public async Task Networks_never_meet()
    {
        var other = new MemoryNetwork();
        Assert.False(other.Transport.CanDial(_listener.LocalAddress));
        await Failing.WithAsync(
            PeerErrorKind.TransportUnsupported, () => other.Transport.DialAsync(_listener.LocalAddress, Request(), Token).AsTask());
    }

    [Fact]
    public async Task Latency_delays_the_handshake_by_its_round_trip()
    {
        _network.SetLatency(TimeSpan.FromSeconds(1));
        Task<PeerConnection> dialling = Dial();
        _clock.Advance(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(dialling.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        await using PeerConnection dialled = await dialling.Bounded();

        // The dialler's last word of the handshake is still on its way.
        Task<PeerConnection> accepting = _listener.AcceptAsync(Token).AsTask();
        Assert.False(accepting.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await accepting.Bounded();
    }

    [Fact]
    public async Task Latency_delays_bytes_and_keeps_their_order()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        _network.SetLatency(TimeSpan.FromMilliseconds(200));
        await near.WriteAsync("slow "u8.ToArray(), Token).Bounded();
        _network.SetLatency(TimeSpan.Zero);
        await near.WriteAsync("fast"u8.ToArray(), completeWrites: true, Token).Bounded();
        Task<byte[]> reading = far.ReadToEndAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(199));
        Assert.False(reading.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("slow fast"u8.ToArray(), await reading.Bounded());
    }

    [Fact]
    public async Task Each_direction_has_its_own_latency()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        _network.SetLatency(_dialler.Id, _acceptor.Id, TimeSpan.FromSeconds(1));
        await far.WriteAsync("at once"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("at once"u8.ToArray(), await near.ReadToEndAsync());
        await near.WriteAsync("later"u8.ToArray(), completeWrites: true, Token).Bounded();
        Task<byte[]> reading = far.ReadToEndAsync();
        Assert.False(reading.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("later"u8.ToArray(), await reading.Bounded());
    }

    [Fact]
    public void Negative_latency_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _network.SetLatency(TimeSpan.FromTicks(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _network.SetLatency(_dialler.Id, _acceptor.Id, TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public async Task Partition_stops_bytes_and_tells_nobody_until_it_is_healed()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        _network.Partition(_acceptor.Id, _dialler.Id);
        await near.WriteAsync("held"u8.ToArray(), completeWrites: true, Token).Bounded();
        Task<byte[]> reading = far.ReadToEndAsync();
        _clock.Advance(TimeSpan.FromSeconds(20));
        Assert.False(reading.IsCompleted || pair.Dialler.Closed.IsCompleted || pair.Acceptor.Closed.IsCompleted);
        _network.Heal(_dialler.Id, _acceptor.Id);
        Assert.Equal("held"u8.ToArray(), await reading.Bounded());
    }

    [Fact]
    public async Task Partition_of_others_is_no_concern()
    {
        using var third = new ConformancePeer();
        ConnectedPair pair = await ConnectAsync();
        _network.Partition(third.Id, _acceptor.Id);
        await pair.RoundTripAsync();
    }

    [Fact]
    public async Task Partition_makes_dials_time_out()
    {
        _network.Partition(_dialler.Id, _acceptor.Id);
        Task<PeerConnection> dialling = Dial();
        _clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(dialling.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Failing.WithAsync(PeerErrorKind.TimedOut, dialling);
    }

    [Fact]
    public async Task Partition_healed_after_one_end_gave_up_lets_the_other_end_find_out()
    {
        ConnectedPair pair = await ConnectAsync(
            Options with { IdleTimeout = TimeSpan.FromSeconds(5), KeepAlive = Timeout.InfiniteTimeSpan });
        _network.Partition(_dialler.Id, _acceptor.Id);
        _clock.Advance(TimeSpan.FromSeconds(5));
        _network.Heal(_dialler.Id, _acceptor.Id);
        Assert.Equal(PeerErrorKind.IdleTimeout, (await pair.Dialler.Closed.Bounded()).Kind);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(PeerErrorKind.IdleTimeout, (await pair.Acceptor.Closed.Bounded()).Kind);
    }

    [Fact]
    public async Task Lost_connection_says_so_on_both_sides_and_spares_the_others()
    {
        ConnectedPair lost = await ConnectAsync();
        ConnectedPair kept = await ConnectAsync();
        _network.LoseConnection(lost.Acceptor);
        Assert.Equal(PeerErrorKind.ConnectionLost, (await lost.Dialler.Closed.Bounded()).Kind);
        Assert.Equal(PeerErrorKind.ConnectionLost, (await lost.Acceptor.Closed.Bounded()).Kind);
        await kept.RoundTripAsync();
    }

    [Fact]
    public async Task All_connections_of_two_peers_are_lost_on_command()
    {
        ConnectedPair one = await ConnectAsync();
        ConnectedPair other = await ConnectAsync();
        _network.LoseConnections(_acceptor.Id, _dialler.Id);
        Assert.Equal(PeerErrorKind.ConnectionLost, (await one.Dialler.Closed.Bounded()).Kind);
        Assert.Equal(PeerErrorKind.ConnectionLost, (await other.Acceptor.Closed.Bounded()).Kind);
    }

    [Fact]
    public async Task Dial_under_way_is_lost_on_command()
    {
        _network.SetLatency(TimeSpan.FromSeconds(1));
        Task<PeerConnection> dialling = Dial();
        _network.LoseConnections(_dialler.Id, _acceptor.Id);
        await Failing.WithAsync(PeerErrorKind.ConnectionLost, dialling);
    }

    [Fact]
    public async Task Only_connections_of_this_network_can_be_lost()
    {
        ConnectedPair pair = await ConnectAsync();
        Assert.Throws<ArgumentException>(() => new MemoryNetwork().LoseConnection(pair.Dialler));
    }

    [Fact]
    public async Task Refused_dials_say_so_until_they_are_let_through()
    {
        _network.RefuseDials(_acceptor.Id);
        await Failing.WithAsync(PeerErrorKind.Refused, () => Dial());
        _network.RefuseDials(_acceptor.Id, refuse: false);
        await (await ConnectAsync()).RoundTripAsync();
    }

    [Fact]
    public async Task Peer_comes_from_one_address_whatever_it_dials()
    {
        ConnectedPair one = await ConnectAsync();
        ConnectedPair other = await ConnectAsync();
        Assert.Equal(one.Acceptor.RemoteAddress, other.Acceptor.RemoteAddress);
        using var third = new ConformancePeer();
        Task<PeerConnection> accepting = _listener.AcceptAsync(Token).AsTask();
        await using PeerConnection dialled = await _network.Transport.DialAsync(
            _listener.LocalAddress, new DialRequest(_acceptor.Id, ["a"], Options.ToSettings(third)), Token);
        Assert.NotEqual(one.Acceptor.RemoteAddress, (await accepting.Bounded()).RemoteAddress);
    }

    [Fact]
    public async Task Writer_gets_exactly_as_far_as_the_window()
    {
        const int Window = 16 * 1024;
        await using ITransportListener listener = await _network.Transport.ListenAsync(
            new ListenRequest(Ignored, ["a"], (Options with { StreamWindow = Window }).ToSettings(_acceptor)), Token);
        Task<PeerConnection> accepting = listener.AcceptAsync(Token).AsTask();
        await using PeerConnection dialled = await _network.Transport.DialAsync(listener.LocalAddress, Request(), Token);
        await using PeerConnection accepted = await accepting.Bounded();
        PeerStream near = await dialled.OpenUnidirectionalStreamAsync(Token);
        await near.WriteAsync(new byte[Window], Token).Bounded();
        Task beyond = near.WriteAsync(new byte[1], completeWrites: true, Token).AsTask();
        Assert.False(beyond.IsCompleted);
        PeerStream far = await accepted.AcceptUnidirectionalStreamAsync(Token);
        Assert.Equal(Window + 1, (await far.ReadToEndAsync()).Length);
        await beyond.Bounded();
    }

    [Fact]
    public async Task Unread_single_bytes_take_little_more_memory_than_they_are()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        long before = GC.GetAllocatedBytesForCurrentThread();
        byte[] one = new byte[1];
        for (int i = 0; i < 64 * 1024; i++)
        {
            // Completes at once, on this thread, as long as the window has room.
            ValueTask writing = near.WriteAsync(one, Token);
            Assert.True(writing.IsCompletedSuccessfully);
            await writing;
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 256 * 1024);
        near.CompleteWrites();
        Assert.Equal(64 * 1024, (await far.ReadToEndAsync()).Length);
    }

    [Fact]
    public async Task Steady_exchange_allocates_nothing_for_its_streams()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        byte[] buffer = new byte[64];
        await ExchangeAsync(1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        await ExchangeAsync(1000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);

        async Task ExchangeAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await near.WriteAsync(buffer, Token);
                await far.ReadExactlyAsync(buffer, Token);
                await far.WriteAsync(buffer, Token);
                await near.ReadExactlyAsync(buffer, Token);
            }
        }
    }

    private DialRequest Request() => new(_acceptor.Id, ["a"], Options.ToSettings(_dialler));

    private Task<PeerConnection> Dial() => _network.Transport.DialAsync(_listener.LocalAddress, Request(), Token).AsTask();

    private async Task<ConnectedPair> ConnectAsync(PeerOptions? dialler = null)
    {
        var request = new DialRequest(_acceptor.Id, ["a"], (dialler ?? Options).ToSettings(_dialler));
        Task<PeerConnection> accepting = _listener.AcceptAsync(Token).AsTask();
        PeerConnection dialled = await _network.Transport.DialAsync(_listener.LocalAddress, request, Token).Bounded();
        return new ConnectedPair(_dialler, _acceptor, _listener, dialled, await accepting.Bounded());
    }
}
