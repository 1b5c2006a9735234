using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Conformance;

/// <summary>Dialling, accepting, authentication, and what a connection says of itself.</summary>
public abstract class ConnectingConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    [Fact]
    public async Task Each_side_knows_who_the_other_proved_to_be()
    {
        ConnectedPair pair = await ConnectAsync();
        Assert.Equal(pair.AcceptorPeer.Id, pair.Dialler.PeerId);
        Assert.Equal(pair.DiallerPeer.Id, pair.Acceptor.PeerId);
    }

    [Fact]
    public async Task Each_side_knows_its_role()
    {
        ConnectedPair pair = await ConnectAsync();
        Assert.True(pair.Dialler.IsDialler);
        Assert.False(pair.Acceptor.IsDialler);
    }

    [Fact]
    public async Task Both_sides_name_the_transport()
    {
        ConnectedPair pair = await ConnectAsync();
        Assert.Equal(Transport.Name, pair.Dialler.Transport);
        Assert.Equal(Transport.Name, pair.Acceptor.Transport);
        Assert.Equal(Transport.Name.ToLowerInvariant(), Transport.Name);
    }

    [Fact]
    public async Task Dialler_sees_the_address_that_it_dialled()
    {
        ConnectedPair pair = await ConnectAsync();
        Assert.Equal(pair.Listener.LocalAddress, pair.Dialler.RemoteAddress);
    }

    [Fact]
    public async Task Acceptor_sees_the_address_that_it_listens_at()
    {
        ConnectedPair pair = await ConnectAsync();
        Assert.Equal(pair.Listener.LocalAddress, pair.Acceptor.LocalAddress);
    }

    [Fact]
    public async Task Acceptor_sees_the_address_that_the_dialler_comes_from()
    {
        ConnectedPair pair = await ConnectAsync();
        Assert.Equal(pair.Dialler.LocalAddress, pair.Acceptor.RemoteAddress);
    }

    [Fact]
    public async Task Connection_prints_its_transport_address_peer_and_ALPN()
    {
        ConnectedPair pair = await ConnectAsync();
        string text = pair.Dialler.ToString();
        Assert.Contains(Transport.Name, text, StringComparison.Ordinal);
        Assert.Contains(pair.Dialler.RemoteAddress.Describe(), text, StringComparison.Ordinal);
        Assert.Contains(pair.AcceptorPeer.Id.ToShortString(), text, StringComparison.Ordinal);
        Assert.Contains(pair.Dialler.Alpn, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_connection_has_not_closed()
    {
        ConnectedPair pair = await ConnectAsync();
        await pair.RoundTripAsync();
        Assert.False(pair.Dialler.Closed.IsCompleted);
        Assert.False(pair.Acceptor.Closed.IsCompleted);
    }

    [Fact]
    public async Task Wrong_peer_at_the_address_is_refused()
    {
        ConformancePeer there = NewPeer();
        ConformancePeer wanted = NewPeer();
        ITransportListener listener = await ListenAsync(there);
        PeerException exception = await Failing.WithAsync(
            PeerErrorKind.WrongPeer, () => DialAsync(listener.LocalAddress, wanted.Id, NewPeer()));
        Assert.Contains(wanted.Id.ToShortString(), exception.Message, StringComparison.Ordinal);
        Assert.Contains(there.Id.ToShortString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acceptor_never_gets_a_connection_whose_dialler_wanted_somebody_else()
    {
        ConformancePeer there = NewPeer();
        ITransportListener listener = await ListenAsync(there);
        await Failing.WithAsync(PeerErrorKind.WrongPeer, () => DialAsync(listener.LocalAddress, NewPeer().Id, NewPeer()));

        ConformancePeer right = NewPeer();
        ConnectedPair pair = await ConnectAsync(right, there, listener);
        Assert.Equal(right.Id, pair.Acceptor.PeerId);
        await pair.RoundTripAsync();
    }

    [Fact]
    public async Task Dialling_a_dead_address_says_that_it_cannot_be_reached()
    {
        ConformancePeer peer = NewPeer();
        ITransportListener listener = await ListenAsync(peer);
        TransportAddress dead = listener.LocalAddress;
        await listener.DisposeAsync();
        PeerException exception = await Assert.ThrowsAsync<PeerException>(
            () => DialAsync(dead, peer.Id, NewPeer(), new PeerOptions { HandshakeTimeout = TimeSpan.FromSeconds(2) }).Bounded());
        if (Subject.NoticesDeadPorts)
        {
            Assert.Equal(PeerErrorKind.Unreachable, exception.Kind);
        }
        else
        {
            Assert.True(exception.Kind is PeerErrorKind.Unreachable or PeerErrorKind.TimedOut, $"{exception.Kind}: {exception.Message}");
        }

        Assert.Contains(dead.Describe(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transport_dials_its_own_addresses_and_no_others()
    {
        ITransportListener listener = await ListenAsync(NewPeer());
        Assert.True(Transport.CanDial(listener.LocalAddress));
        Assert.False(Transport.CanDial(TransportAddress.Relay("https://relay.example/")));
        Assert.False(Transport.CanDial(TransportAddress.Custom(0xfeedface, [1, 2, 3])));
    }

    [Fact]
    public async Task Listeners_that_may_choose_get_addresses_of_their_own()
    {
        ITransportListener first = await ListenAsync(NewPeer());
        ITransportListener second = await ListenAsync(NewPeer());
        Assert.NotEqual(first.LocalAddress, second.LocalAddress);
    }

    [Fact]
    public async Task Listening_at_a_taken_address_is_an_error_that_says_so()
    {
        Assert.SkipUnless(Subject.HasPorts, "This transport has no ports of the machine's.");
        ConformancePeer peer = NewPeer();
        ITransportListener first = await ListenAsync(peer);
        var taken = new ListenRequest(EndPointOf(first.LocalAddress), ["conformance/1"], new PeerOptions().ToSettings(peer));
        await Failing.WithAsync(PeerErrorKind.AddressInUse, () => Transport.ListenAsync(taken, Token).AsTask());
    }

    [Fact]
    public async Task One_transport_serves_many_listeners_at_once()
    {
        ConformancePeer dialler = NewPeer();
        ConformancePeer one = NewPeer();
        ConformancePeer other = NewPeer();
        ConnectedPair first = await ConnectAsync(dialler, one, await ListenAsync(one));
        ConnectedPair second = await ConnectAsync(dialler, other, await ListenAsync(other));
        Assert.Equal(one.Id, first.Dialler.PeerId);
        Assert.Equal(other.Id, second.Dialler.PeerId);
        await first.RoundTripAsync();
        await second.RoundTripAsync();
    }

    [Fact]
    public async Task Peers_can_have_several_connections()
    {
        ConformancePeer dialler = NewPeer();
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor);
        ConnectedPair first = await ConnectAsync(dialler, acceptor, listener);
        ConnectedPair second = await ConnectAsync(dialler, acceptor, listener);
        await first.Dialler.CloseAsync(1, "", Token).Bounded();
        await first.Acceptor.Closed.Bounded();
        await second.RoundTripAsync();
    }

    [Fact]
    public async Task Peers_can_dial_each_other()
    {
        ConformancePeer one = NewPeer();
        ConformancePeer other = NewPeer();
        ConnectedPair there = await ConnectAsync(one, other, await ListenAsync(other));
        ConnectedPair back = await ConnectAsync(other, one, await ListenAsync(one));
        Assert.Equal(there.Dialler.PeerId, back.Acceptor.PeerId);
        await there.RoundTripAsync();
        await back.RoundTripAsync();
    }

    [Fact]
    public async Task Many_dials_at_once_all_connect()
    {
        const int Count = 20;
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor);
        ConformancePeer[] diallers = [.. Enumerable.Range(0, Count).Select(_ => NewPeer())];
        Task<PeerConnection>[] dials = [.. diallers.Select(async dialler =>
        {
            var request = new DialRequest(acceptor.Id, ["conformance/1"], new PeerOptions().ToSettings(dialler));
            return await Transport.DialAsync(listener.LocalAddress, request, Token);
        })];
        var accepted = new HashSet<EndpointId>();
        for (int i = 0; i < Count; i++)
        {
            accepted.Add((await AcceptAsync(listener)).PeerId);
        }

        foreach (PeerConnection connection in await Task.WhenAll(dials).Bounded())
        {
            Own(connection);
        }

        Assert.Equal(diallers.Select(dialler => dialler.Id).ToHashSet(), accepted);
    }

    private static System.Net.IPEndPoint EndPointOf(TransportAddress address)
        => address.ToIPEndPoint();
}
