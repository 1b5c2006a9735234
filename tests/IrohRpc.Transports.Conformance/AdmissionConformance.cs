namespace IrohRpc.Transports.Conformance;

/// <summary>Who gets in: admission by address, leases, and the backlog.</summary>
public abstract class AdmissionConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    private static readonly PeerOptions Impatient = new() { HandshakeTimeout = TimeSpan.FromSeconds(2) };

    private readonly RecordingAdmission _admission = new();

    [Fact]
    public async Task Refused_address_gets_no_connection()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Admission = _admission });
        _admission.Refuse = true;
        await AssertRefusedAsync(() => DialAsync(listener.LocalAddress, acceptor.Id, NewPeer(), Impatient));
        _admission.Refuse = false;
        ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, listener);
        await pair.RoundTripAsync();
    }

    [Fact]
    public async Task Admission_is_asked_about_the_address_that_the_dialler_comes_from()
    {
        ConnectedPair pair = await ConnectAsync(null, new PeerOptions { Admission = _admission });
        Assert.Equal([pair.Acceptor.RemoteAddress], _admission.Asked);
    }

    [Fact]
    public async Task Lease_learns_who_the_peer_proved_to_be_before_the_connection_is_handed_out()
    {
        ConnectedPair pair = await ConnectAsync(null, new PeerOptions { Admission = _admission });
        RecordingLease lease = await _admission.NextAsync();
        Assert.Equal(pair.DiallerPeer.Id, lease.Completed);
        Assert.Equal(1, lease.Completions);
        Assert.Equal(0, lease.Disposals);
    }

    [Theory]
    [InlineData(Side.Dialler, true)]
    [InlineData(Side.Dialler, false)]
    [InlineData(Side.Acceptor, true)]
    [InlineData(Side.Acceptor, false)]
    public async Task Lease_is_released_once_when_the_connection_ends(Side closer, bool dispose)
    {
        ConnectedPair pair = await ConnectAsync(null, new PeerOptions { Admission = _admission });
        RecordingLease lease = await _admission.NextAsync();
        if (dispose)
        {
            await pair[closer].DisposeAsync().Bounded();
        }
        else
        {
            await pair[closer].CloseAsync(1, "", Token).Bounded();
        }

        await pair.Acceptor.Closed.Bounded();
        await lease.Disposed.Bounded();
        await pair.Dialler.DisposeAsync().Bounded();
        await pair.Acceptor.DisposeAsync().Bounded();
        await pair.Listener.DisposeAsync().Bounded();
        Assert.Equal((1, 1), (lease.Completions, lease.Disposals));
    }

    [Fact]
    public async Task Lease_is_released_once_when_the_peer_vanishes()
    {
        TimeProvider clock = NewClock();
        var options = new PeerOptions { TimeProvider = clock, IdleTimeout = Wait(TimeSpan.FromSeconds(30)), Admission = _admission };
        (ConnectedPair pair, BreakablePath path) = await ConnectBreakablyAsync(options, options);
        RecordingLease lease = await _admission.NextAsync();
        path.Block();
        await PassUntilAsync(clock, lease.Disposed);
        await pair.Acceptor.DisposeAsync().Bounded();
        Assert.Equal((1, 1), (lease.Completions, lease.Disposals));
    }

    [Fact]
    public async Task Lease_is_released_once_when_no_ALPN_is_common()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Admission = _admission });
        await Failing.WithAsync(
            PeerErrorKind.NoCommonAlpn, () => DialAsync(listener.LocalAddress, acceptor.Id, NewPeer(), new PeerOptions { Alpns = ["x"] }));
        if (_admission.Asked.Count > 0)
        {
            await AssertReleasedWithoutConnectionAsync(listener);
        }
    }

    [Fact]
    public async Task Lease_is_released_once_when_the_dialler_wanted_somebody_else()
    {
        ITransportListener listener = await ListenAsync(NewPeer(), new PeerOptions { Admission = _admission });
        await Failing.WithAsync(PeerErrorKind.WrongPeer, () => DialAsync(listener.LocalAddress, NewPeer().Id, NewPeer()));
        await AssertReleasedWithoutConnectionAsync(listener);
    }

    [Fact]
    public async Task Lease_is_released_once_when_the_listener_goes_away_during_the_handshake()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Admission = _admission });
        IAsyncDisposable? stalled = await Subject.StallHandshakeAsync(listener, NewPeer(), acceptor);
        Assert.SkipWhen(stalled is null, "This transport spends nothing on a dialler that has not proved its address.");
        await using (stalled)
        {
            RecordingLease lease = await _admission.NextAsync();
            await listener.DisposeAsync().Bounded();
            await lease.Disposed.Bounded();
            Assert.Equal((0, 1), (lease.Completions, lease.Disposals));
        }
    }

    [Fact]
    public async Task Lease_is_released_once_when_nobody_accepted_the_connection()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Admission = _admission });
        PeerConnection dialled = await DialAsync(listener.LocalAddress, acceptor.Id, NewPeer()).Bounded();
        RecordingLease lease = await _admission.NextAsync();
        await listener.DisposeAsync().Bounded();
        await dialled.Closed.Bounded();
        await lease.Disposed.Bounded();
        Assert.Equal(1, lease.Disposals);
    }

    [Fact]
    public async Task Full_backlog_refuses_and_an_accept_makes_room()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Backlog = 2, Admission = _admission });
        for (int i = 0; i < 2; i++)
        {
            await DialAsync(listener.LocalAddress, acceptor.Id, NewPeer()).Bounded();
        }

        await AssertRefusedAsync(() => DialAsync(listener.LocalAddress, acceptor.Id, NewPeer(), Impatient));
        await AcceptAsync(listener);
        await DialAsync(listener.LocalAddress, acceptor.Id, NewPeer()).Bounded();
        await AcceptAsync(listener);
        await AcceptAsync(listener);
    }

    private async Task AssertReleasedWithoutConnectionAsync(ITransportListener listener)
    {
        RecordingLease lease = await _admission.NextAsync();
        await lease.Disposed.Bounded();
        await listener.DisposeAsync().Bounded();
        Assert.Equal((0, 1), (lease.Completions, lease.Disposals));
    }

    private async Task AssertRefusedAsync(Func<Task<PeerConnection>> dial)
    {
        PeerException exception = await Assert.ThrowsAsync<PeerException>(async () =>
        {
            PeerConnection connection = await dial().Bounded();

            // A transport that cannot refuse before the handshake may do so right after it.
            throw (await connection.Closed.Bounded()).ToException(connection.PeerId);
        });
        Assert.True(Subject.IsRefusal(exception.Kind), $"{exception.Kind}: {exception.Message}");
    }
}
