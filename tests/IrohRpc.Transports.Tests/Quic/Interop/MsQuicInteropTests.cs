using System.Net;
using System.Net.Quic;
using System.Security.Cryptography;
using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.Quic.Interop;

#pragma warning disable CA1416 // Tests of System.Net.Quic are skipped where it is not supported.

/// <summary>QUIC of our own and <see cref="MsQuicTransport"/>, each dialling the other, with certificates of the libp2p kind.</summary>
public sealed class MsQuicInteropTests : IDisposable
{
    private readonly InteropIdentity _ours = new();
    private readonly InteropIdentity _theirs = new();
    private (Dialler Dialler, string Case) _row;

    public MsQuicInteropTests() => Assert.SkipUnless(
        QuicListener.IsSupported && QuicConnection.IsSupported, MsQuicTransport.Instance.UnsupportedReason ?? "");

    public enum Dialler
    {
        Ours,
        MsQuic,
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (_row.Case is not null && TestContext.Current.TestState is { } state)
        {
            InteropResults.Record(_row.Dialler == Dialler.Ours ? "we dial System.Net.Quic" : "System.Net.Quic dials us", _row.Case, state.Result);
        }

        _ours.Dispose();
        _theirs.Dispose();
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.MsQuic)]
    public async Task Each_side_knows_who_the_other_is(Dialler dialler)
    {
        await using Pair pair = await ConnectAsync(dialler, "handshake");
        Assert.Equal(_theirs.Id, pair.Ours.PeerId);
        Assert.Equal(_ours.Id, pair.Theirs.PeerId);
        Assert.Equal(("quic", "msquic"), (pair.Ours.Transport, pair.Theirs.Transport));
        Assert.Equal(("interop/2", "interop/2"), (pair.Ours.Alpn, pair.Theirs.Alpn));
    }

    [Theory]
    [InlineData(Dialler.Ours, true)]
    [InlineData(Dialler.Ours, false)]
    [InlineData(Dialler.MsQuic, true)]
    [InlineData(Dialler.MsQuic, false)]
    public async Task A_bidirectional_stream_of_either_side_is_echoed(Dialler dialler, bool isOurs)
    {
        await using Pair pair = await ConnectAsync(dialler, isOurs ? "transfer of 5 MB" : "its bidirectional streams");
        (PeerConnection opener, PeerConnection other) = isOurs ? (pair.Ours, pair.Theirs) : (pair.Theirs, pair.Ours);
        byte[] data = RandomNumberGenerator.GetBytes(5_000_000);
        await using PeerStream near = await opener.OpenBidirectionalStreamAsync(Token).Bounded();
        Task writing = near.WriteAsync(data, completeWrites: true, Token).Bounded();
        await using PeerStream far = await other.AcceptBidirectionalStreamAsync(Token).Bounded();
        Task echoing = EchoAsync(far);
        Assert.Equal(SHA256.HashData(data), await SHA256.HashDataAsync(near, Token).Bounded());
        await writing;
        await echoing;
    }

    /// <remarks>The first of each side too: no stream is taken for a control stream.</remarks>
    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.MsQuic)]
    public async Task Unidirectional_streams_of_both_sides_arrive_from_the_first_on(Dialler dialler)
    {
        await using Pair pair = await ConnectAsync(dialler, "unidirectional streams");
        foreach ((PeerConnection from, PeerConnection to) in new[] { (pair.Ours, pair.Theirs), (pair.Theirs, pair.Ours) })
        {
            for (byte i = 0; i < 3; i++)
            {
                await using PeerStream near = await from.OpenUnidirectionalStreamAsync(Token).Bounded();
                await near.WriteAsync(new[] { i }, completeWrites: true, Token).Bounded();
                await using PeerStream far = await to.AcceptUnidirectionalStreamAsync(Token).Bounded();
                byte[] read = new byte[2];
                Assert.Equal(1, await far.ReadAsync(read, Token).Bounded());
                Assert.Equal(i, read[0]);
                Assert.Equal(0, await far.ReadAsync(read, Token).Bounded());
            }
        }
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.MsQuic)]
    public async Task Many_streams_run_side_by_side(Dialler dialler)
    {
        await using Pair pair = await ConnectAsync(dialler, "multiplexing");
        Task accepting = Task.Run(
            async () =>
            {
                await Task.WhenAll(await Task.WhenAll(Enumerable.Range(0, 200).Select(async _ => EchoAsync(await pair.Theirs.AcceptBidirectionalStreamAsync(Token)))));
            },
            Token);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            await using PeerStream stream = await pair.Ours.OpenBidirectionalStreamAsync(Token);
            byte[] sent = RandomNumberGenerator.GetBytes(10_000);
            await stream.WriteAsync(sent, completeWrites: true, Token);
            Assert.Equal(SHA256.HashData(sent), await SHA256.HashDataAsync(stream, Token));
        })).Bounded();
        await accepting.Bounded();
    }

    [Theory]
    [InlineData(Dialler.Ours, true)]
    [InlineData(Dialler.Ours, false)]
    [InlineData(Dialler.MsQuic, true)]
    [InlineData(Dialler.MsQuic, false)]
    public async Task Reset_and_stop_arrive_with_their_codes(Dialler dialler, bool isOurs)
    {
        await using Pair pair = await ConnectAsync(dialler, isOurs ? "our reset with a code" : "reset and stop with codes");
        (PeerConnection from, PeerConnection to) = isOurs ? (pair.Ours, pair.Theirs) : (pair.Theirs, pair.Ours);
        await using PeerStream near = await from.OpenBidirectionalStreamAsync(Token).Bounded();
        await near.WriteAsync(new byte[1], Token).Bounded();
        await using PeerStream far = await to.AcceptBidirectionalStreamAsync(Token).Bounded();
        Assert.Equal(1, await far.ReadAsync(new byte[1], Token).Bounded());
        near.AbortWrite(77);
        near.AbortRead(78);
        PeerException reset = await Assert.ThrowsAsync<PeerException>(() => far.ReadAsync(new byte[1], Token).Bounded());
        Assert.Equal((PeerErrorKind.StreamAborted, 77L), (reset.Kind, reset.ErrorCode!.Value));
        PeerException stopped = await Assert.ThrowsAsync<PeerException>(() => far.WritesClosed.Bounded());
        Assert.Equal((PeerErrorKind.StreamAborted, 78L), (stopped.Kind, stopped.ErrorCode!.Value));
    }

    [Theory]
    [InlineData(Dialler.Ours, true)]
    [InlineData(Dialler.Ours, false)]
    [InlineData(Dialler.MsQuic, true)]
    [InlineData(Dialler.MsQuic, false)]
    public async Task A_close_arrives_with_its_code(Dialler dialler, bool weClose)
    {
        await using Pair pair = await ConnectAsync(dialler, "close code");
        (PeerConnection closing, PeerConnection other) = weClose ? (pair.Ours, pair.Theirs) : (pair.Theirs, pair.Ours);
        await closing.CloseAsync(4711, "the reason stays here", Token).Bounded();
        ConnectionEnd end = await other.Closed.Bounded();
        Assert.Equal((PeerErrorKind.ClosedByPeer, 4711L), (end.Kind, end.ErrorCode!.Value));
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.MsQuic)]
    public async Task Another_peer_than_the_one_that_was_dialled_is_refused(Dialler dialler)
    {
        _row = (dialler, "wrong peer");
        await using ITransportListener listener = await ListenAsync(dialler);
        PeerException failure = await Assert.ThrowsAsync<PeerException>(() => DialAsync(dialler, listener, DiallerOf(dialler).Id, ["interop/1"]));
        Assert.Equal(PeerErrorKind.WrongPeer, failure.Kind);
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.MsQuic)]
    public async Task No_common_ALPN_is_said(Dialler dialler)
    {
        _row = (dialler, "wrong ALPN");
        await using ITransportListener listener = await ListenAsync(dialler);
        PeerException failure = await Assert.ThrowsAsync<PeerException>(() => DialAsync(dialler, listener, AcceptorOf(dialler).Id, ["another/1"]));
        Assert.Equal(PeerErrorKind.NoCommonAlpn, failure.Kind);
    }

    [Fact]
    public async Task Retry_is_answered()
    {
        await using Pair pair = await ConnectAsync(Dialler.MsQuic, "Retry", new QuicTransportOptions { AlwaysRetries = true });
        await using PeerStream near = await pair.Theirs.OpenBidirectionalStreamAsync(Token).Bounded();
        await near.WriteAsync(new byte[1], completeWrites: true, Token).Bounded();
        await using PeerStream far = await pair.Ours.AcceptBidirectionalStreamAsync(Token).Bounded();
        Assert.Equal(1, await far.ReadAsync(new byte[1], Token).Bounded());
    }

    [Theory, InlineData(Dialler.Ours), InlineData(Dialler.MsQuic)]
    public async Task Keys_are_updated(Dialler dialler)
    {
        await using Pair pair = await ConnectAsync(dialler, "key update");
        var ours = (QuicPeerConnection)pair.Ours;
        await using PeerStream near = await pair.Ours.OpenBidirectionalStreamAsync(Token).Bounded();
        await near.WriteAsync(new byte[1], Token).Bounded();
        await using PeerStream far = await pair.Theirs.AcceptBidirectionalStreamAsync(Token).Bounded();
        Task echoing = EchoAsync(far);
        bool isUpdated = false;
        byte[] buffer = new byte[1];
        for (int i = 0; i < 1000 && !isUpdated; i++)
        {
            Assert.Equal(1, await near.ReadAsync(buffer, Token).Bounded());
            lock (ours.Gate)
            {
                isUpdated = ours.Io.Core.TryUpdateKeys(ours.Io.Now);
            }

            await near.WriteAsync(buffer, Token).Bounded();
        }

        Assert.True(isUpdated);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(1, await near.ReadAsync(buffer, Token).Bounded());
            await near.WriteAsync(buffer, Token).Bounded();
        }

        near.CompleteWrites();
        Assert.Equal(1, await near.ReadAsync(buffer, Token).Bounded());
        await echoing.Bounded();
    }

    private static async Task EchoAsync(PeerStream stream)
    {
        await stream.CopyToAsync(stream, Token);
        stream.CompleteWrites();
    }

    private InteropIdentity DiallerOf(Dialler dialler) => dialler == Dialler.Ours ? _ours : _theirs;

    private InteropIdentity AcceptorOf(Dialler dialler) => dialler == Dialler.Ours ? _theirs : _ours;

    private async Task<ITransportListener> ListenAsync(Dialler dialler, QuicTransportOptions? options = null)
    {
        ITransport transport = dialler == Dialler.Ours ? MsQuicTransport.Instance : new QuicTransport(options);
        return await transport.ListenAsync(
            new ListenRequest(new IPEndPoint(IPAddress.Loopback, 0), ["interop/2", "interop/1"], AcceptorOf(dialler).Settings), Token).Bounded();
    }

    private async Task<PeerConnection> DialAsync(Dialler dialler, ITransportListener listener, EndpointId peer, string[] alpns)
    {
        ITransport transport = dialler == Dialler.Ours ? QuicTransport.Instance : MsQuicTransport.Instance;
        Assert.True(transport.CanDial(listener.LocalAddress));
        return await transport.DialAsync(listener.LocalAddress, new DialRequest(peer, alpns, DiallerOf(dialler).Settings), Token).Bounded();
    }

    private async Task<Pair> ConnectAsync(Dialler dialler, string name, QuicTransportOptions? options = null)
    {
        _row = (dialler, name);
        ITransportListener listener = await ListenAsync(dialler, options);
        Task<PeerConnection> accepting = listener.AcceptAsync(Token).Bounded();
        PeerConnection dialled = await DialAsync(dialler, listener, AcceptorOf(dialler).Id, ["interop/1", "interop/2"]);
        PeerConnection accepted = await accepting;
        return dialler == Dialler.Ours ? new Pair(dialled, accepted, listener) : new Pair(accepted, dialled, listener);
    }

    private sealed record Pair(PeerConnection Ours, PeerConnection Theirs, ITransportListener Listener) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Ours.DisposeAsync();
            await Theirs.DisposeAsync();
            await Listener.DisposeAsync();
        }
    }
}
