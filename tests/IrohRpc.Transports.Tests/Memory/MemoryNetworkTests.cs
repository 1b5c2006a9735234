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
        long allocated = 0;
        byte[] one = new byte[1];
        for (int i = 0; i < 64 * 1024; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            ValueTask writing = near.WriteAsync(one, Token);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            await writing;
        }

        Assert.InRange(allocated, 0, 256 * 1024);
        near.CompleteWrites();
        Assert.Equal(64 * 1024, (await far.ReadToEndAsync()).Length);
    }

    [Fact]
    public async Task Loss_delays_what_is_behind_it_and_loses_nothing()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        _network.SetLoss(1, TimeSpan.FromMilliseconds(300));
        await near.WriteAsync("lost, "u8.ToArray(), Token).Bounded();
        _network.SetLoss(0, TimeSpan.Zero);
        await near.WriteAsync("behind it"u8.ToArray(), completeWrites: true, Token).Bounded();
        Task<byte[]> reading = far.ReadToEndAsync();
        _clock.Advance(TimeSpan.FromMilliseconds(299));
        Assert.False(reading.IsCompleted);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("lost, behind it"u8.ToArray(), await reading.Bounded());
    }

    [Theory]
    [InlineData(-0.1, 0)]
    [InlineData(1.1, 0)]
    [InlineData(0.5, -1)]
    public void Loss_out_of_range_is_refused(double probability, int recovery)
        => Assert.Throws<ArgumentOutOfRangeException>(() => _network.SetLoss(probability, TimeSpan.FromTicks(recovery)));

    [Fact]
    public void Losses_are_the_same_in_each_run_of_a_seed()
    {
        Assert.Equal(Draw(7), Draw(7));
        Assert.NotEqual(Draw(7), Draw(8));

        TimeSpan[] Draw(int seed)
        {
            var network = new MemoryNetwork(_clock, seed);
            network.SetLoss(0.5, TimeSpan.FromSeconds(1));
            return [.. Enumerable.Range(0, 64).Select(_ => network.NextDelay(_dialler.Id, _acceptor.Id))];
        }
    }

    [Fact]
    public async Task Isolated_peer_is_cut_off_from_all_until_it_rejoins()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        _network.Isolate(_acceptor.Id);
        await near.WriteAsync("held"u8.ToArray(), completeWrites: true, Token).Bounded();
        Task<PeerConnection> dialling = Dial();
        Task<byte[]> reading = far.ReadToEndAsync();
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(reading.IsCompleted || dialling.IsCompleted);
        _network.Rejoin(_acceptor.Id);
        Assert.Equal("held"u8.ToArray(), await reading.Bounded());
        await using PeerConnection dialled = await dialling.Bounded();
    }

    [Fact]
    public async Task Peer_that_dies_is_lost_to_all_without_a_goodbye()
    {
        ConnectedPair one = await ConnectAsync();
        ConnectedPair other = await ConnectAsync();
        _network.LoseConnections(_acceptor.Id);
        Assert.Equal(PeerErrorKind.ConnectionLost, (await one.Dialler.Closed.Bounded()).Kind);
        Assert.Equal(PeerErrorKind.ConnectionLost, (await other.Dialler.Closed.Bounded()).Kind);
    }

    [Fact]
    public async Task Closing_waits_for_no_clock()
    {
        ConnectedPair pair = await ConnectAsync();
        _network.SetLatency(TimeSpan.FromSeconds(1));
        await pair.Dialler.CloseAsync(7, "done", Token).AsTask().Bounded();
        Assert.False(pair.Acceptor.Closed.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));
        ConnectionEnd end = await pair.Acceptor.Closed.Bounded();
        Assert.Equal((PeerErrorKind.ClosedByPeer, 7L, "done"), (end.Kind, end.ErrorCode!.Value, end.Reason));
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
