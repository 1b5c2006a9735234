namespace IrohRpc.Transports.Conformance;

/// <summary>Which of two connected peers.</summary>
public enum Side
{
    Dialler,
    Acceptor,
}

/// <summary>Two peers that are connected.</summary>
public sealed record ConnectedPair(
    ConformancePeer DiallerPeer,
    ConformancePeer AcceptorPeer,
    ITransportListener Listener,
    PeerConnection Dialler,
    PeerConnection Acceptor,
    BreakablePath? Path = null)
{
    /// <summary>The connection as that side has it.</summary>
    public PeerConnection this[Side side] => side == Side.Dialler ? Dialler : Acceptor;

    /// <summary>The connection as the other side has it.</summary>
    public PeerConnection Opposite(Side side) => side == Side.Dialler ? Acceptor : Dialler;

    /// <summary>A bidirectional stream that both have, with nothing in it.</summary>
    /// <param name="opener">Who opened it: the first of the result is that side's end.</param>
    public async Task<(PeerStream Near, PeerStream Far)> OpenBidirectionalAsync(Side opener = Side.Dialler)
    {
        PeerStream near = await this[opener].OpenBidirectionalStreamAsync(TestContext.Current.CancellationToken).Bounded();
        await near.WriteAsync(new byte[1], TestContext.Current.CancellationToken).Bounded();
        PeerStream far = await Opposite(opener).AcceptBidirectionalStreamAsync(TestContext.Current.CancellationToken).Bounded();
        Assert.Equal(1, await far.ReadAsync(new byte[1], TestContext.Current.CancellationToken).Bounded());
        return (near, far);
    }

    /// <summary>A unidirectional stream that both have, with nothing in it.</summary>
    /// <param name="opener">Who opened it and writes: the first of the result is that side's end.</param>
    public async Task<(PeerStream Near, PeerStream Far)> OpenUnidirectionalAsync(Side opener = Side.Dialler)
    {
        PeerStream near = await this[opener].OpenUnidirectionalStreamAsync(TestContext.Current.CancellationToken).Bounded();
        await near.WriteAsync(new byte[1], TestContext.Current.CancellationToken).Bounded();
        PeerStream far = await Opposite(opener).AcceptUnidirectionalStreamAsync(TestContext.Current.CancellationToken).Bounded();
        Assert.Equal(1, await far.ReadAsync(new byte[1], TestContext.Current.CancellationToken).Bounded());
        return (near, far);
    }

    /// <summary>A stream of either sort that both have, with nothing in it.</summary>
    public Task<(PeerStream Near, PeerStream Far)> OpenAsync(bool bidirectional, Side opener)
        => bidirectional ? OpenBidirectionalAsync(opener) : OpenUnidirectionalAsync(opener);

    /// <summary>Shows that the connection works, and lets what was sent before on other streams arrive.</summary>
    public async Task RoundTripAsync(int times = 1)
    {
        (PeerStream near, PeerStream far) = await OpenBidirectionalAsync();
        for (int i = 0; i < times; i++)
        {
            await near.WriteAsync(new byte[1], TestContext.Current.CancellationToken).Bounded();
            Assert.Equal(1, await far.ReadAsync(new byte[1], TestContext.Current.CancellationToken).Bounded());
            await far.WriteAsync(new byte[1], TestContext.Current.CancellationToken).Bounded();
            Assert.Equal(1, await near.ReadAsync(new byte[1], TestContext.Current.CancellationToken).Bounded());
        }

        near.CompleteWrites();
        far.CompleteWrites();
        Assert.Equal(0, await near.ReadAsync(new byte[1], TestContext.Current.CancellationToken).Bounded());
        Assert.Equal(0, await far.ReadAsync(new byte[1], TestContext.Current.CancellationToken).Bounded());
        await near.DisposeAsync();
        await far.DisposeAsync();
    }

    /// <summary>As <see cref="RoundTripAsync"/>, with two unidirectional streams or a bidirectional one.</summary>
    public async Task RoundTripOnAsync(bool bidirectional)
    {
        if (bidirectional)
        {
            await RoundTripAsync();
            return;
        }

        foreach (Side side in Enum.GetValues<Side>())
        {
            (PeerStream near, PeerStream far) = await OpenUnidirectionalAsync(side);
            near.CompleteWrites();
            Assert.Equal(0, await far.ReadAsync(new byte[1], TestContext.Current.CancellationToken).Bounded());
        }
    }
}
