using System.Net.Quic;
using System.Text;
using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.MsQuic;

#pragma warning disable CA1416 // Skipped where QUIC is not supported.

/// <summary>The transport's own stream in each direction, as specified in the remarks of <see cref="MsQuicTransport"/>.</summary>
public sealed class MsQuicControlStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "an end without anything", [] },
        { "half a type", [0x40] },
        { "an unknown type", [0x02] },
        { "the word that only an acceptor says", [0x00] },
        { "a close without a code", [0x01] },
        { "half a code", [0x01, 0xc0, 0, 0] },
        { "a close without a reason", [0x01, 0x05, 0x00] },
        { "a close that ends before the length of its reason", [0x01, 0x05] },
        { "a reason that ends early", [0x01, 0x05, 0x03, .. "by"u8] },
        { "a reason that goes on", [0x01, 0x05, 0x03, .. "byebye"u8] },
        { "a reason that is not UTF-8", [0x01, 0x05, 0x03, (byte)'a', 0xff, 0xfe] },
        { "a reason that is too long", [0x01, 0x05, 0x44, 0x01, .. Enumerable.Repeat((byte)'r', 1025)] },
        { "a length beyond all bounds", [0x01, 0x05, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff] },
        { "more than it can ever carry", [0x01, 0x05, 0x44, 0x00, .. Enumerable.Repeat((byte)'r', 100_000)] },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task Garbage_closes_the_connection_with_the_code_for_it(string what, byte[] garbage)
    {
        Assert.NotEmpty(what);
        using var acceptor = new MsQuicPeer();
        using var stranger = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync();
        await using QuicConnection byHand = await stranger.DialByHandAsync(listener.LocalAddress, acceptor.Id);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
        await using QuicStream control = await byHand.OpenOutboundStreamAsync(QuicStreamType.Unidirectional, Token).Bounded();
        Assert.Equal(2, control.Id);
        try
        {
            await control.WriteAsync(garbage, completeWrites: true, Token).Bounded();
        }
        catch (QuicException)
        {
            // Turned away before all of it was written.
        }

        ConnectionEnd end = await accepted.Closed.Bounded();
        Assert.Equal((PeerErrorKind.ProtocolViolation, MsQuicTransport.ControlStreamErrorCode), (end.Kind, end.ErrorCode));
        Assert.Equal(MsQuicTransport.ControlStreamErrorCode, await CodeOfCloseAsync(byHand));
        await stranger.MeetAsync(listener, acceptor.Id);
    }

    [Fact]
    public async Task Reset_of_the_control_stream_is_a_violation()
    {
        using var acceptor = new MsQuicPeer();
        using var stranger = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync();
        await using QuicConnection byHand = await stranger.DialByHandAsync(listener.LocalAddress, acceptor.Id);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
        await using QuicStream control = await byHand.OpenOutboundStreamAsync(QuicStreamType.Unidirectional, Token).Bounded();
        control.Abort(QuicAbortDirection.Write, 9);
        Assert.Equal(PeerErrorKind.ProtocolViolation, (await accepted.Closed.Bounded()).Kind);
    }

    [Fact]
    public async Task Close_goes_as_specified()
    {
        using var acceptor = new MsQuicPeer();
        using var stranger = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync();
        await using QuicConnection byHand = await stranger.DialByHandAsync(listener.LocalAddress, acceptor.Id);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
        Task closing = accepted.CloseAsync(300, "bye", Token).AsTask();
        await using QuicStream control = await byHand.AcceptInboundStreamAsync(Token).Bounded();
        Assert.Equal(3, control.Id);
        byte[] expected = [0x00, 0x01, 0x41, 0x2c, 0x03, .. "bye"u8];
        byte[] sent = new byte[expected.Length];
        await control.ReadExactlyAsync(sent, Token).AsTask().Bounded();
        Assert.Equal(expected, sent);
        Assert.False(control.ReadsClosed.IsCompleted);
        Assert.False(closing.IsCompleted);
        await byHand.CloseAsync(300, Token).Bounded();
        await closing.Bounded();
        Assert.Equal((PeerErrorKind.ClosedLocally, 300L), ((await accepted.Closed).Kind, (await accepted.Closed).ErrorCode));
    }

    [Fact]
    public async Task Close_is_understood_as_specified()
    {
        using var acceptor = new MsQuicPeer();
        using var stranger = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync();
        await using QuicConnection byHand = await stranger.DialByHandAsync(listener.LocalAddress, acceptor.Id);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
        await using QuicStream control = await byHand.OpenOutboundStreamAsync(QuicStreamType.Unidirectional, Token).Bounded();

        // Every byte by itself: what belongs together need not arrive together.
        byte[] reason = Encoding.UTF8.GetBytes("tschüß");
        foreach (byte one in (byte[])[0x01, 0x41, 0x2c, (byte)reason.Length, .. reason])
        {
            await control.WriteAsync(new[] { one }, Token).Bounded();
        }

        ConnectionEnd end = await accepted.Closed.Bounded();
        Assert.Equal((PeerErrorKind.ClosedByPeer, 300L, "tschüß"), (end.Kind, end.ErrorCode, end.Reason));
        Assert.Equal(300, await CodeOfCloseAsync(byHand));
    }

    [Fact]
    public async Task Peer_that_needs_no_control_stream_opens_none()
    {
        using var acceptor = new MsQuicPeer();
        using var stranger = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync();
        await using QuicConnection byHand = await stranger.DialByHandAsync(listener.LocalAddress, acceptor.Id);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
        await byHand.CloseAsync(5, Token).Bounded();
        ConnectionEnd end = await accepted.Closed.Bounded();
        Assert.Equal((PeerErrorKind.ClosedByPeer, 5L, ""), (end.Kind, end.ErrorCode, end.Reason));
    }

    [Fact]
    public async Task Peer_that_never_answers_a_close_with_a_reason_does_not_hold_it_up()
    {
        using var acceptor = new MsQuicPeer();
        using var stranger = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync();
        await using QuicConnection byHand = await stranger.DialByHandAsync(listener.LocalAddress, acceptor.Id);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
        await accepted.CloseAsync(5, "bye", Token).Bounded();
        Assert.Equal(5, await CodeOfCloseAsync(byHand));
    }

    [Fact]
    public async Task Dial_is_done_when_the_acceptor_says_so()
    {
        using var acceptor = new MsQuicPeer();
        using var dialler = new MsQuicPeer();
        await using QuicListener listener = await acceptor.ListenByHandAsync();
        Task<PeerConnection> dialling = dialler.DialAsync(MsQuicAddress.Create(listener.LocalEndPoint), acceptor.Id);
        await using QuicConnection byHand = await listener.AcceptConnectionAsync(Token).Bounded();
        await using QuicStream control = await byHand.OpenOutboundStreamAsync(QuicStreamType.Unidirectional, Token).Bounded();
        Assert.Equal(3, control.Id);
        Assert.False(dialling.IsCompleted);
        await control.WriteAsync(new byte[] { 0x00 }, Token).Bounded();
        await using PeerConnection dialled = await dialling.Bounded();
        Assert.Equal(acceptor.Id, dialled.PeerId);
    }

    [Theory]
    [InlineData(MsQuicTransport.RefusedErrorCode, PeerErrorKind.Refused)]
    [InlineData(77, PeerErrorKind.ConnectionLost)]
    public async Task Acceptor_that_closes_instead_of_taking_the_connection_fails_the_dial(long code, PeerErrorKind kind)
    {
        using var acceptor = new MsQuicPeer();
        using var dialler = new MsQuicPeer();
        await using QuicListener listener = await acceptor.ListenByHandAsync();
        Task<PeerException> failing = dialler.FailToDialAsync(MsQuicAddress.Create(listener.LocalEndPoint), acceptor.Id);
        await using QuicConnection byHand = await listener.AcceptConnectionAsync(Token).Bounded();
        await byHand.CloseAsync(code, Token).Bounded();
        Assert.Equal(kind, (await failing.Bounded()).Kind);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Applications_own_limit_on_unidirectional_streams_is_exact(bool dialler)
    {
        const int Limit = 3;
        using var acceptor = new MsQuicPeer(unidirectionalStreams: Limit);
        using var other = new MsQuicPeer(unidirectionalStreams: Limit);
        await using ITransportListener listener = await acceptor.ListenAsync();
        await using PeerConnection dialled = await other.DialAsync(listener.LocalAddress, acceptor.Id);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
        (PeerConnection near, PeerConnection far) = dialler ? (dialled, accepted) : (accepted, dialled);
        for (int i = 0; i < Limit; i++)
        {
            PeerStream stream = await near.OpenUnidirectionalStreamAsync(Token).Bounded();

            // Numbers 2 and 3 are the control streams'.
            Assert.Equal((dialler ? 6 : 7) + (4 * i), stream.Id);
            await stream.WriteAsync(new byte[1], Token).Bounded();
        }

        Task<PeerStream> beyond = near.OpenUnidirectionalStreamAsync(Token).AsTask();
        PeerStream first = await far.AcceptUnidirectionalStreamAsync(Token).Bounded();
        Assert.Equal(dialler ? 6 : 7, first.Id);
        Assert.False(beyond.IsCompleted);
        string who = (dialler ? acceptor : other).Id.ToShortString();
        await (dialler ? other : acceptor).Log.WhenAsync(line => line.Text.Contains($"Unidirectional stream to {who} wait", StringComparison.Ordinal));
        await near.CloseAsync(0, "", Token).Bounded();
        Assert.Equal(PeerErrorKind.ClosedLocally, (await Assert.ThrowsAsync<PeerException>(() => beyond.Bounded())).Kind);
    }

    private static async Task<long?> CodeOfCloseAsync(QuicConnection connection)
    {
        QuicException exception = await Assert.ThrowsAsync<QuicException>(async () =>
        {
            while (true)
            {
                await using QuicStream ignored = await connection.AcceptInboundStreamAsync(Token).Bounded();
            }
        });
        return exception.ApplicationErrorCode;
    }
}
