using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Transports.Tests.Tls;

/// <summary>Where a listener binds, and which ALPNs it takes at which moment.</summary>
public sealed class TlsListenerTests : IDisposable
{
    private readonly TlsPeer _acceptor = new();
    private readonly TlsPeer _dialler = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _acceptor.Dispose();
        _dialler.Dispose();
    }

    [Fact]
    public async Task A_port_in_use_is_said()
    {
        await using ITransportListener first = await _acceptor.ListenAsync();
        Assert.True(TlsAddress.TryGetEndPoint(first.LocalAddress, out IPEndPoint? taken));
        PeerException failure = await Assert.ThrowsAsync<PeerException>(async () => await _acceptor.ListenAsync(at: taken));
        Assert.Equal(PeerErrorKind.AddressInUse, failure.Kind);
        Assert.Contains(taken.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Both_families_share_a_port_number()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        await using ITransportListener six = await _acceptor.ListenAsync(at: new IPEndPoint(IPAddress.IPv6Any, 0));
        Assert.True(TlsAddress.TryGetEndPoint(six.LocalAddress, out IPEndPoint? bound));
        await using ITransportListener four = await _acceptor.ListenAsync(at: new IPEndPoint(IPAddress.Any, bound.Port));
        await using PeerConnection overSix = await _dialler.DialAsync(
            TlsAddress.Create(new IPEndPoint(IPAddress.IPv6Loopback, bound.Port)), _acceptor.Id);
        await using PeerConnection overFour = await _dialler.DialAsync(
            TlsAddress.Create(new IPEndPoint(IPAddress.Loopback, bound.Port)), _acceptor.Id);
        await using PeerConnection atSix = await six.AcceptAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        await using PeerConnection atFour = await four.AcceptAsync(Token).AsTask().WaitAsync(TlsPeer.Patience, Token);
        Assert.Equal(overSix.LocalAddress, atSix.RemoteAddress);
        Assert.Equal(overFour.LocalAddress, atFour.RemoteAddress);
        Assert.StartsWith("tls [::1]:", overSix.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("tls 127.0.0.1:", overFour.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_ALPNs_every_dialler_is_told_that_there_is_none_in_common()
    {
        await using ITransportListener listener = await _acceptor.ListenAsync(alpns: []);
        Assert.Equal(PeerErrorKind.NoCommonAlpn, (await _dialler.FailToDialAsync(listener.LocalAddress, _acceptor.Id)).Kind);
        await listener.SetAlpnsAsync([TlsPeer.Alpn], Token);
        await _dialler.MeetAsync(listener, _acceptor.Id);
    }

    [Fact]
    public async Task Changing_the_ALPNs_refuses_nobody_who_offers_one_that_stays()
    {
        await using ITransportListener listener = await _acceptor.ListenAsync();
        Task<string>[] dials = new Task<string>[60];
        for (int i = 0; i < dials.Length; i++)
        {
            dials[i] = DialForAlpnAsync(listener);
            await listener.SetAlpnsAsync(i % 2 == 0 ? [TlsPeer.Alpn, "more/1"] : [TlsPeer.Alpn], Token);
        }

        Assert.All(await Task.WhenAll(dials).WaitAsync(TlsPeer.Patience, Token), alpn => Assert.Equal(TlsPeer.Alpn, alpn));
    }

    [Fact]
    public async Task A_new_order_of_ALPNs_holds_for_the_next_dial()
    {
        await using ITransportListener listener = await _acceptor.ListenAsync(alpns: ["p/10", "p/9"]);
        await using PeerConnection newer = await _dialler.DialAsync(listener.LocalAddress, _acceptor.Id, null, "p/9", "p/10");
        Assert.Equal("p/10", newer.Alpn);
        await listener.SetAlpnsAsync(["p/9", "p/10"], Token);
        await using PeerConnection older = await _dialler.DialAsync(listener.LocalAddress, _acceptor.Id, null, "p/10", "p/9");
        Assert.Equal("p/9", older.Alpn);
    }

    private async Task<string> DialForAlpnAsync(ITransportListener listener)
    {
        await using PeerConnection dialled = await _dialler.DialAsync(
            listener.LocalAddress, _acceptor.Id, null, "more/1", TlsPeer.Alpn);
        return dialled.Alpn == "more/1" ? TlsPeer.Alpn : dialled.Alpn;
    }
}
