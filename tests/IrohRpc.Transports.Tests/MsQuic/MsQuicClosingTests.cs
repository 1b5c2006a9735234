using System.Collections.Concurrent;
using System.Net.Quic;
using System.Runtime.CompilerServices;
using IrohRpc.Transports.Conformance;
using IrohRpc.Transports.MsQuic.Internal;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Transports.Tests.MsQuic;

#pragma warning disable CA1416 // Skipped where QUIC is not supported.

/// <summary>
/// While one side waits for the answer to its goodbye, the other hears how the connection ends, and not that single streams do: whoever was refused
/// must not take that for a stream's abort.
/// </summary>
public sealed class MsQuicClosingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stream_that_arrives_during_the_goodbye_ends_with_the_connection()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var acceptor = new MsQuicPeer(clock);
        using var stranger = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync();
        await using QuicConnection byHand = await stranger.DialByHandAsync(listener.LocalAddress, acceptor.Id);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
        Task closing = await BeginToCloseAsync(accepted, byHand);
        await using QuicStream stream = await byHand.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Token).Bounded();
        await stream.WriteAsync(new byte[1], Token).Bounded();
        Task<int> reading = stream.ReadAsync(new byte[1], Token).AsTask();

        // Seen by the acceptor, or dropped again already.
        ConcurrentDictionary<long, MsQuicPeerStream> streams = StreamsOf((MsQuicPeerConnection)accepted);
        Assert.True(SpinWait.SpinUntil(() => streams.ContainsKey(stream.Id) || reading.IsCompleted, Bounds.Generous));
        await AssertEndsWithConnectionAsync(reading, closing, clock);
    }

    [Fact]
    public async Task Stream_that_is_disposed_of_during_the_goodbye_ends_with_the_connection()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var acceptor = new MsQuicPeer(clock);
        using var stranger = new MsQuicPeer();
        await using ITransportListener listener = await acceptor.ListenAsync();
        await using QuicConnection byHand = await stranger.DialByHandAsync(listener.LocalAddress, acceptor.Id);
        await using PeerConnection accepted = await listener.AcceptAsync(Token).Bounded();
        await using QuicStream stream = await byHand.OpenOutboundStreamAsync(QuicStreamType.Bidirectional, Token).Bounded();
        await stream.WriteAsync(new byte[1], Token).Bounded();
        Task<int> reading = stream.ReadAsync(new byte[1], Token).AsTask();
        PeerStream there = await accepted.AcceptBidirectionalStreamAsync(Token).Bounded();
        Task closing = await BeginToCloseAsync(accepted, byHand);
        there.AbortWrite(5);
        await there.DisposeAsync();
        await AssertEndsWithConnectionAsync(reading, closing, clock);
    }

    // The goodbye has arrived, and is not answered.
    private static async Task<Task> BeginToCloseAsync(PeerConnection accepted, QuicConnection byHand)
    {
        Task closing = accepted.CloseAsync(300, "not you", Token).AsTask();
        QuicStream control = await byHand.AcceptInboundStreamAsync(Token).Bounded();
        byte[] expected = [0x00, 0x01, 0x41, 0x2c, 0x07, .. "not you"u8];
        byte[] sent = new byte[expected.Length];
        await control.ReadExactlyAsync(sent, Token).AsTask().Bounded();
        Assert.Equal(expected, sent);
        Assert.False(closing.IsCompleted);
        return closing;
    }

    private static async Task AssertEndsWithConnectionAsync(Task<int> reading, Task closing, FakeTimeProvider clock)
    {
        while (!closing.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var error = await Assert.ThrowsAsync<QuicException>(() => reading.Bounded());
        Assert.Equal((QuicError.ConnectionAborted, 300L), (error.QuicError, error.ApplicationErrorCode));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_streams")]
    private static extern ref ConcurrentDictionary<long, MsQuicPeerStream> StreamsOf(MsQuicPeerConnection connection);
}
