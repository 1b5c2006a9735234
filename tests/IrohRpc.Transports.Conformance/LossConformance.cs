namespace IrohRpc.Transports.Conformance;

/// <summary>Peers that fall silent, paths that break, and signs of life.</summary>
/// <remarks>Under a fake clock where the transport follows one; elsewhere with the shortest real times.</remarks>
public abstract class LossConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(15);

    private TimeSpan Idle => Wait(TimeSpan.FromSeconds(30));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Peer_that_vanishes_is_given_up_after_the_idle_timeout(bool keepAlive)
    {
        TimeProvider clock = NewClock();
        PeerOptions options = Options(clock, keepAlive);
        (ConnectedPair pair, BreakablePath path) = await ConnectBreakablyAsync(options, options);
        await pair.RoundTripAsync();
        path.Block();
        await PassUntilAsync(clock, Task.WhenAll(pair.Dialler.Closed, pair.Acceptor.Closed));
        Assert.Equal(PeerErrorKind.IdleTimeout, (await pair.Dialler.Closed.Bounded()).Kind);
        Assert.Equal(PeerErrorKind.IdleTimeout, (await pair.Acceptor.Closed.Bounded()).Kind);
    }

    [Fact]
    public async Task Operations_on_a_connection_whose_peer_vanished_fail_with_the_idle_timeout()
    {
        TimeProvider clock = NewClock();
        PeerOptions options = Options(clock, keepAlive: true) with { BidirectionalStreams = 1 };
        (ConnectedPair pair, BreakablePath path) = await ConnectBreakablyAsync(options, options);
        (PeerStream near, _) = await pair.OpenBidirectionalAsync();
        Task reading = near.ReadAsync(new byte[1], Token).AsTask();
        Task accepting = pair.Dialler.AcceptAsync(true, Token);
        Task opening = pair.Dialler.OpenAsync(true, Token);
        path.Block();
        await PassUntilAsync(clock, pair.Dialler.Closed);
        await Failing.WithAsync(PeerErrorKind.IdleTimeout, reading);
        await Failing.WithAsync(PeerErrorKind.IdleTimeout, accepting);
        await Failing.WithAsync(PeerErrorKind.IdleTimeout, opening);
        await Failing.WithAsync(PeerErrorKind.IdleTimeout, near.ReadsClosed);
        await Failing.WithAsync(PeerErrorKind.IdleTimeout, near.WritesClosed);
        await Failing.WithAsync(PeerErrorKind.IdleTimeout, () => near.WriteAsync(new byte[1], Token).AsTask());
        await Failing.WithAsync(PeerErrorKind.IdleTimeout, () => pair.Dialler.OpenAsync(false, Token));
    }

    [Fact]
    public async Task Peer_that_has_fallen_silent_shows_before_the_idle_timeout_and_one_that_speaks_again_does_too()
    {
        Assert.SkipUnless(Subject.TellsSilence, "This transport does not tell how long its peer has been silent.");
        (ConnectedPair pair, BreakablePath path) = await ConnectBreakablyAsync(new PeerOptions(), new PeerOptions());
        ConnectedPair other = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        path.Block();
        await near.WriteAsync(new byte[1], Token).Bounded();
        while (pair.Dialler.MeasureSilence() < TimeSpan.FromSeconds(0.5))
        {
            // Time passes with what others do.
            Assert.False(pair.Dialler.Closed.IsCompleted);
            await other.RoundTripAsync(20);
        }

        path.Unblock();
        Assert.Equal(1, await far.ReadAsync(new byte[1], Token).Bounded());
        while (pair.Dialler.MeasureSilence() > TimeSpan.Zero)
        {
            Assert.False(pair.Dialler.Closed.IsCompleted);
            await other.RoundTripAsync();
        }
    }

    [Fact]
    public async Task Idle_connection_without_keep_alive_ends()
    {
        TimeProvider clock = NewClock();
        ConnectedPair pair = await ConnectAsync(Options(clock, keepAlive: false));
        await PassUntilAsync(clock, Task.WhenAll(pair.Dialler.Closed, pair.Acceptor.Closed));
        ConnectionEnd dialler = await pair.Dialler.Closed.Bounded();
        ConnectionEnd acceptor = await pair.Acceptor.Closed.Bounded();

        // Whoever gives up first may take its leave of the other.
        Assert.Contains(PeerErrorKind.IdleTimeout, new[] { dialler.Kind, acceptor.Kind });
    }

    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Smaller_idle_timeout_of_the_two_holds(Side impatient)
    {
        TimeProvider clock = NewClock();
        PeerOptions options = Options(clock, keepAlive: false);
        PeerOptions patient = options with { IdleTimeout = TimeSpan.FromMinutes(10) };
        (ConnectedPair pair, BreakablePath path) = await ConnectBreakablyAsync(
            impatient == Side.Dialler ? options : patient, impatient == Side.Dialler ? patient : options);
        path.Block();
        await PassUntilAsync(clock, Task.WhenAll(pair.Dialler.Closed, pair.Acceptor.Closed));
        Assert.Equal(PeerErrorKind.IdleTimeout, (await pair.Dialler.Closed.Bounded()).Kind);
        Assert.Equal(PeerErrorKind.IdleTimeout, (await pair.Acceptor.Closed.Bounded()).Kind);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Keep_alive_of_either_side_holds_an_idle_connection(bool atDialler, bool atAcceptor)
    {
        // A fake clock would run ahead of what is really on its way.
        var options = new PeerOptions { IdleTimeout = TimeSpan.FromSeconds(1) };
        TimeSpan often = TimeSpan.FromMilliseconds(200);
        ConnectedPair pair = await ConnectAsync(
            options with { KeepAlive = atDialler ? often : Timeout.InfiniteTimeSpan },
            options with { KeepAlive = atAcceptor ? often : Timeout.InfiniteTimeSpan });

        // Nothing happens, so that there is nothing to await but the time itself.
        Task any = Task.WhenAny(pair.Dialler.Closed, pair.Acceptor.Closed);
        await Assert.ThrowsAsync<TimeoutException>(() => any.WaitAsync(TimeSpan.FromSeconds(2.5), Token));
        await pair.RoundTripAsync();
        Assert.False(pair.Dialler.Closed.IsCompleted);
        Assert.False(pair.Acceptor.Closed.IsCompleted);
    }

    [Fact]
    public async Task Traffic_holds_a_connection_without_keep_alive()
    {
        TimeProvider clock = NewClock();
        Assert.SkipUnless(Subject.FollowsTimeProvider, "The idle time-out is not under the test's clock; real traffic for seconds shows little.");
        ConnectedPair pair = await ConnectAsync(Options(clock, keepAlive: false));
        for (int i = 0; i < 10; i++)
        {
            Pass(clock, Half);
            await pair.RoundTripAsync();
        }

        Assert.False(pair.Dialler.Closed.IsCompleted);
        Assert.False(pair.Acceptor.Closed.IsCompleted);
    }

    [Fact]
    public async Task Path_that_heals_in_time_delivers_what_was_sent_meanwhile()
    {
        (ConnectedPair pair, BreakablePath path) = await ConnectBreakablyAsync(null, null);
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        Task<byte[]> reading = far.ReadToEndAsync();
        path.Block();
        await near.WriteAsync("patience"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.False(reading.IsCompleted);
        path.Unblock();
        Assert.Equal("patience"u8.ToArray(), await reading.Bounded());
        await pair.RoundTripAsync();
    }

    [Fact]
    public async Task Broken_path_ends_the_connection_on_both_sides()
    {
        TimeProvider clock = NewClock();
        PeerOptions options = Options(clock, keepAlive: true);
        (ConnectedPair pair, BreakablePath path) = await ConnectBreakablyAsync(options, options);
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        Task reading = near.ReadAsync(new byte[1], Token).AsTask();
        Task accepting = pair.Acceptor.AcceptAsync(true, Token);

        // Over datagrams a path that breaks is silence and nothing else: the keep-alives that get no answer show it.
        PeerErrorKind kind = path.CanCut ? PeerErrorKind.ConnectionLost : PeerErrorKind.IdleTimeout;
        if (path.CanCut)
        {
            path.Cut();
        }
        else
        {
            path.Block();
            await PassUntilAsync(clock, Task.WhenAll(pair.Dialler.Closed, pair.Acceptor.Closed));
        }

        Assert.Equal(kind, (await pair.Dialler.Closed.Bounded()).Kind);
        Assert.Equal(kind, (await pair.Acceptor.Closed.Bounded()).Kind);
        await Failing.WithAsync(kind, reading);
        await Failing.WithAsync(kind, accepting);
        await Failing.WithAsync(kind, far.ReadsClosed);
    }

    [Fact]
    public async Task Lost_connection_costs_no_other_anything()
    {
        ConformancePeer acceptor = NewPeer();
        ConformancePeer unlucky = NewPeer();
        TimeProvider clock = NewClock();
        PeerOptions options = Options(clock, keepAlive: false);
        ITransportListener listener = await ListenAsync(acceptor, options with { IdleTimeout = TimeSpan.FromHours(10) });
        BreakablePath path = Own(await Subject.MakeBreakablePathAsync(listener, unlucky.Id, acceptor.Id));
        Task<PeerConnection> accepting = AcceptAsync(listener);
        PeerConnection lost = await DialAsync(path.Address, acceptor.Id, unlucky, options).Bounded();
        await accepting;
        ConnectedPair other = await ConnectAsync(NewPeer(), acceptor, listener, options with { IdleTimeout = TimeSpan.FromHours(10) });
        path.Block();
        await PassUntilAsync(clock, lost.Closed);
        await other.RoundTripAsync();
    }

    [Fact]
    public async Task Dial_that_nobody_answers_times_out()
    {
        TimeProvider clock = NewClock();
        ConformancePeer dialler = NewPeer();
        ConformancePeer acceptor = NewPeer();
        TransportAddress silent = await Subject.GetSilentAddressAsync(dialler, acceptor);
        Task<PeerConnection> dialling = DialAsync(
            silent, acceptor.Id, dialler, new PeerOptions { TimeProvider = clock, HandshakeTimeout = Wait(TimeSpan.FromSeconds(10)) });
        Assert.False(dialling.IsCompleted);
        await PassUntilAsync(clock, Task.WhenAny(dialling));
        await Failing.WithAsync(PeerErrorKind.TimedOut, dialling);
    }

    [Fact]
    public async Task Handshake_that_stalls_is_dropped_and_delays_nobody()
    {
        TimeProvider clock = NewClock();
        ConformancePeer acceptor = NewPeer();
        var admission = new RecordingAdmission();
        ITransportListener listener = await ListenAsync(
            acceptor,
            new PeerOptions { TimeProvider = clock, HandshakeTimeout = Wait(TimeSpan.FromSeconds(10)), Admission = admission });
        IAsyncDisposable? stalled = await Subject.StallHandshakeAsync(listener, NewPeer(), acceptor);
        Assert.SkipWhen(stalled is null, "This transport spends nothing on a dialler that has not proved its address.");
        await using (stalled)
        {
            RecordingLease lease = await admission.NextAsync();
            ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, listener);
            await pair.RoundTripAsync();
            Assert.False(lease.Disposed.IsCompleted);
            await PassUntilAsync(clock, lease.Disposed);
            Assert.Null(lease.Completed);
        }
    }

    private PeerOptions Options(TimeProvider clock, bool keepAlive) => new()
    {
        TimeProvider = clock,
        IdleTimeout = Idle,
        KeepAlive = keepAlive ? Idle / 4 : Timeout.InfiniteTimeSpan,
    };
}
