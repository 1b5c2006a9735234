namespace IrohRpc.Transports.Conformance;

/// <summary>How the two sides agree on an ALPN: by the acceptor's order, or not at all.</summary>
public abstract class AlpnConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    [Theory]
    [InlineData("p/1", "p/1", "p/1")]
    [InlineData("p/10,p/9", "p/9,p/10", "p/10")]
    [InlineData("p/10,p/9", "p/10,p/9", "p/10")]
    [InlineData("p/9,p/10", "p/10,p/9", "p/9")]
    [InlineData("p/9,p/10", "p/9,p/10", "p/9")]
    [InlineData("p/10,p/9", "p/9", "p/9")]
    [InlineData("c,b,a", "a,b", "b")]
    [InlineData("a", "z,y,a", "a")]
    public async Task Acceptor_picks_by_its_own_order(string accepted, string offered, string agreed)
    {
        ConnectedPair pair = await ConnectAsync(
            new PeerOptions { Alpns = offered.Split(',') }, new PeerOptions { Alpns = accepted.Split(',') });
        Assert.Equal(agreed, pair.Acceptor.Alpn);
        Assert.Equal(agreed, pair.Dialler.Alpn);
    }

    [Fact]
    public async Task The_one_common_ALPN_of_many_is_found()
    {
        string[] accepted = [.. Enumerable.Range(0, 100).Select(i => $"accepted/{i}"), "common/1"];
        string[] offered = [.. Enumerable.Range(0, 100).Select(i => $"offered/{i}"), "common/1"];
        ConnectedPair pair = await ConnectAsync(new PeerOptions { Alpns = offered }, new PeerOptions { Alpns = accepted });
        Assert.Equal("common/1", pair.Acceptor.Alpn);
        Assert.Equal("common/1", pair.Dialler.Alpn);
    }

    [Fact]
    public async Task Longest_ALPN_is_agreed_on()
    {
        string longest = new('a', 255);
        ConnectedPair pair = await ConnectAsync(new PeerOptions { Alpns = [longest] });
        Assert.Equal(longest, pair.Acceptor.Alpn);
        Assert.Equal(longest, pair.Dialler.Alpn);
    }

    [Fact]
    public async Task No_common_ALPN_says_what_was_offered_and_to_whom()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Alpns = ["theirs/1"] });
        PeerException exception = await Failing.WithAsync(
            PeerErrorKind.NoCommonAlpn,
            () => DialAsync(listener.LocalAddress, acceptor.Id, NewPeer(), new PeerOptions { Alpns = ["mine/2", "mine/1"] }));
        Assert.Contains("mine/2", exception.Message, StringComparison.Ordinal);
        Assert.Contains("mine/1", exception.Message, StringComparison.Ordinal);
        Assert.Contains(acceptor.Id.ToShortString(), exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failed_agreement_costs_nobody_else_anything()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor);
        await Failing.WithAsync(
            PeerErrorKind.NoCommonAlpn, () => DialAsync(listener.LocalAddress, acceptor.Id, NewPeer(), new PeerOptions { Alpns = ["other"] }));
        ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, listener);
        await pair.RoundTripAsync();
    }

    [Theory]
    [InlineData("p/1", "P/1")]
    [InlineData("p/10", "p/1")]
    [InlineData("p/1", "p/10")]
    [InlineData("p/1", "p/1 ")]
    public async Task ALPNs_match_byte_for_byte_or_not_at_all(string accepted, string offered)
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Alpns = [accepted] });
        await Failing.WithAsync(
            PeerErrorKind.NoCommonAlpn, () => DialAsync(listener.LocalAddress, acceptor.Id, NewPeer(), new PeerOptions { Alpns = [offered] }));
    }

    [Fact]
    public async Task Listener_without_ALPNs_refuses_all()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Alpns = [] });
        await Failing.WithAsync(PeerErrorKind.NoCommonAlpn, () => DialAsync(listener.LocalAddress, acceptor.Id, NewPeer()));
    }

    [Fact]
    public async Task Listener_without_ALPNs_accepts_once_it_gets_some()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Alpns = [] });
        TransportAddress before = listener.LocalAddress;
        await listener.SetAlpnsAsync(["conformance/1"], Token).Bounded();
        Assert.Equal(before, listener.LocalAddress);
        ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, listener);
        await pair.RoundTripAsync();
    }

    [Fact]
    public async Task Added_ALPN_is_accepted_while_the_listener_runs()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Alpns = ["old"] });
        await listener.SetAlpnsAsync(["old", "new"], Token).Bounded();
        ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, listener, new PeerOptions { Alpns = ["new"] });
        Assert.Equal("new", pair.Acceptor.Alpn);
    }

    [Fact]
    public async Task Removed_ALPN_is_refused_while_the_listener_runs()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Alpns = ["old", "new"] });
        await listener.SetAlpnsAsync(["new"], Token).Bounded();
        await Failing.WithAsync(
            PeerErrorKind.NoCommonAlpn, () => DialAsync(listener.LocalAddress, acceptor.Id, NewPeer(), new PeerOptions { Alpns = ["old"] }));
        ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, listener, new PeerOptions { Alpns = ["old", "new"] });
        Assert.Equal("new", pair.Acceptor.Alpn);
    }

    [Fact]
    public async Task New_order_of_ALPNs_counts_for_later_handshakes()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Alpns = ["a", "b"] });
        await listener.SetAlpnsAsync(["b", "a"], Token).Bounded();
        ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, listener, new PeerOptions { Alpns = ["a", "b"] });
        Assert.Equal("b", pair.Acceptor.Alpn);
    }

    [Fact]
    public async Task Connections_outlive_the_removal_of_their_ALPN()
    {
        ConnectedPair pair = await ConnectAsync();
        await pair.Listener.SetAlpnsAsync(["other"], Token).Bounded();
        await pair.RoundTripAsync();
        Assert.Equal("conformance/1", pair.Acceptor.Alpn);
    }

    [Fact]
    public async Task Pending_accept_lives_through_a_change_of_ALPNs()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Alpns = ["old"] });
        Task<PeerConnection> accepting = AcceptAsync(listener);
        await listener.SetAlpnsAsync(["new"], Token).Bounded();
        PeerConnection dialled = await DialAsync(listener.LocalAddress, acceptor.Id, NewPeer(), new PeerOptions { Alpns = ["new"] }).Bounded();
        Assert.Equal("new", (await accepting).Alpn);
        Assert.Equal("new", dialled.Alpn);
    }

    [Fact]
    public async Task Adding_and_removing_ALPNs_refuses_no_dialler_of_another()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Alpns = ["kept"] });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task changing = Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    await listener.SetAlpnsAsync(["kept", "passing"], Token).Bounded();
                    await listener.SetAlpnsAsync(["kept"], Token).Bounded();
                }
            },
            Token);
        for (int i = 0; i < 20; i++)
        {
            ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, listener, new PeerOptions { Alpns = ["kept"] });
            Assert.Equal("kept", pair.Acceptor.Alpn);
        }

        await stop.CancelAsync();
        await changing.Bounded();
    }
}
