using System.Net;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.MsQuic;

/// <summary>ALPNs of a listener that change while it listens.</summary>
public sealed class MsQuicAlpnTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_is_refused_while_ALPNs_are_added_removed_and_reordered()
    {
        const int Dials = 60;
        string[][] lists = [["keep", "x"], ["keep"], ["y", "keep"], ["x", "y", "keep"], ["keep", "y", "x"], ["z", "keep"]];
        using var acceptor = new MsQuicPeer();
        using var dialler = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync(alpns: lists[0]);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task changing = Task.Run(
            async () =>
            {
                for (int i = 1; !done.IsCancellationRequested; i++)
                {
                    await listener.SetAlpnsAsync(lists[i % lists.Length], Token);
                    await Task.Yield();
                }
            },
            Token);
        for (int i = 0; i < Dials; i++)
        {
            await using PeerConnection dialled = await dialler.DialAsync(listener.LocalAddress, acceptor.Id, "x", "keep");
            await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
            Assert.True(dialled.Alpn is "x" or "keep");
            Assert.Equal(dialled.Alpn, accepted.Alpn);
        }

        await done.CancelAsync();
        await changing.Bounded();
    }

    [Fact]
    public async Task Order_can_be_turned_around_while_listening()
    {
        using var acceptor = new MsQuicPeer();
        using var dialler = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync(alpns: ["a", "b"]);
        Assert.Equal("a", await AgreeAsync("b", "a"));
        await listener.SetAlpnsAsync(["b", "a"], Token);
        Assert.Equal("b", await AgreeAsync("a", "b"));
        await listener.SetAlpnsAsync(["c", "b", "a"], Token);
        Assert.Equal("c", await AgreeAsync("a", "b", "c"));

        async Task<string> AgreeAsync(params string[] offer)
        {
            await using PeerConnection dialled = await dialler.DialAsync(listener.LocalAddress, acceptor.Id, offer);
            await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
            return accepted.Alpn;
        }
    }

    [Fact]
    public async Task Removed_ALPN_is_refused_and_can_come_back()
    {
        using var acceptor = new MsQuicPeer();
        using var dialler = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync(alpns: ["a", "b"]);
        await listener.SetAlpnsAsync(["b"], Token);
        PeerException refusal = await dialler.FailToDialAsync(listener.LocalAddress, acceptor.Id, "a");
        Assert.Equal(PeerErrorKind.NoCommonAlpn, refusal.Kind);
        await listener.SetAlpnsAsync(["b", "a"], Token);
        await dialler.MeetAsync(listener, acceptor.Id, "a");
    }

    [Fact]
    public async Task Empty_list_refuses_all_and_keeps_the_port()
    {
        using var acceptor = new MsQuicPeer();
        using var dialler = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync(alpns: []);
        PeerException refusal = await dialler.FailToDialAsync(listener.LocalAddress, acceptor.Id, "a");
        Assert.Equal(PeerErrorKind.NoCommonAlpn, refusal.Kind);
        await listener.SetAlpnsAsync(["a"], Token);
        await dialler.MeetAsync(listener, acceptor.Id, "a");
        await listener.SetAlpnsAsync([], Token);
        refusal = await dialler.FailToDialAsync(listener.LocalAddress, acceptor.Id, "a");
        Assert.Equal(PeerErrorKind.NoCommonAlpn, refusal.Kind);
    }

    [Fact]
    public async Task Port_of_another_endpoint_in_this_process_is_in_use_whatever_the_ALPNs()
    {
        using var acceptor = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync(alpns: ["a"]);
        IPEndPoint taken = listener.LocalAddress.ToIPEndPoint();
        PeerException refusal = await Assert.ThrowsAsync<PeerException>(() => acceptor.ListenAsync(at: taken, alpns: ["b"]));
        Assert.Equal(PeerErrorKind.AddressInUse, refusal.Kind);
        await listener.DisposeAsync().Bounded();
        await using ITransportListener next = await acceptor.ListenAsync(at: taken, alpns: ["b"]);
        Assert.Equal(taken, next.LocalAddress.ToIPEndPoint());
    }
}
