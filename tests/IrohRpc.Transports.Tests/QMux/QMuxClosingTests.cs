using IrohRpc.Transports.Internal;
using IrohRpc.Transports.QMux;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests.QMux;

public sealed class QMuxClosingTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_close_is_seen_by_the_other_side_with_code_and_reason_and_nobody_needs_to_read()
    {
        var lease = new CountingLease();
        QMuxPair pair = QMuxPair.Create(acceptorLease: lease);
        await pair.Dialler.CloseAsync(77, "enough", Token).AsTask().WaitAsync(Bound, Token);
        ConnectionEnd far = await pair.Acceptor.Closed.WaitAsync(Bound, Token);
        Assert.Equal(new ConnectionEnd(PeerErrorKind.ClosedByPeer, 77, "enough"), far);
        Assert.Equal(new ConnectionEnd(PeerErrorKind.ClosedLocally, 77, "enough"), await pair.Dialler.Closed);
        await pair.DisposeAsync();
        Assert.Equal(1, lease.Disposals);
        Assert.Equal(1, pair.DiallerBytes.DisposeCount);
        Assert.Equal(1, pair.AcceptorBytes.DisposeCount);
    }

    [Fact]
    public async Task The_first_close_counts_and_later_ones_wait()
    {
        await using QMuxPair pair = QMuxPair.Create();
        Task first = pair.Dialler.CloseAsync(1, "first", Token).AsTask();
        Task second = pair.Dialler.CloseAsync(2, "second", Token).AsTask();
        await Task.WhenAll(first, second).WaitAsync(Bound, Token);
        Assert.Equal(1, (await pair.Acceptor.Closed.WaitAsync(Bound, Token)).ErrorCode);
        await pair.Acceptor.CloseAsync(3, "third", Token).AsTask().WaitAsync(Bound, Token);
        Assert.Equal(1, (await pair.Acceptor.Closed).ErrorCode);
    }

    [Fact]
    public async Task Closing_ends_all_that_waits_on_both_sides()
    {
        await using QMuxPair pair = QMuxPair.Create(QMuxPair.Settings(streams: 1));
        PeerStream near = await pair.Dialler.OpenBidirectionalStreamAsync(Token);
        await near.WriteAsync(new byte[1], Token);
        PeerStream far = await pair.Acceptor.AcceptBidirectionalStreamAsync(Token);
        Assert.Equal(1, await far.ReadAsync(new byte[10], Token));
        Task[] waiting =
        [
            near.ReadAsync(new byte[1], Token).AsTask(),
            near.WriteAsync(new byte[10_000_000], Token).AsTask(),
            pair.Dialler.OpenBidirectionalStreamAsync(Token).AsTask(),
            pair.Dialler.AcceptUnidirectionalStreamAsync(Token).AsTask(),
        ];
        Task[] waitingFar =
        [
            pair.Acceptor.AcceptBidirectionalStreamAsync(Token).AsTask(),
            pair.Acceptor.AcceptUnidirectionalStreamAsync(Token).AsTask(),
            far.WritesClosed,
            far.ReadsClosed,
        ];
        await pair.Dialler.CloseAsync(9, cancellationToken: Token).AsTask().WaitAsync(Bound, Token);
        await AssertAllFailAsync(waiting, PeerErrorKind.ClosedLocally, 9);
        await AssertAllFailAsync(waitingFar, PeerErrorKind.ClosedByPeer, 9);
        await AssertAllFailAsync(
            [far.ReadAsync(new byte[1], Token).AsTask(), far.WriteAsync(new byte[1], Token).AsTask(), pair.Acceptor.OpenUnidirectionalStreamAsync(Token).AsTask()],
            PeerErrorKind.ClosedByPeer,
            9);
    }

    [Fact]
    public async Task Both_sides_may_close_at_once()
    {
        for (int i = 0; i < 50; i++)
        {
            QMuxPair pair = QMuxPair.Create();
            await Task.WhenAll(
                Task.Run(() => pair.Dialler.CloseAsync(1, cancellationToken: Token).AsTask(), Token),
                Task.Run(() => pair.Acceptor.CloseAsync(2, cancellationToken: Token).AsTask(), Token)).WaitAsync(Bound, Token);
            await pair.DisposeAsync();
        }
    }

    [Fact]
    public async Task Disposing_at_once_after_the_start_ends_cleanly()
    {
        for (int i = 0; i < 50; i++)
        {
            QMuxPair pair = QMuxPair.Create();
            await pair.DisposeAsync().AsTask().WaitAsync(Bound, Token);
            Assert.Equal(PeerErrorKind.ClosedLocally, (await pair.Dialler.Closed).Kind);
        }
    }

    [Fact]
    public async Task The_end_of_the_bytes_without_a_close_is_a_loss()
    {
        var lease = new CountingLease();
        await using RawPeer peer = await RawPeer.StartAsync(QMuxPair.Settings(), lease);
        await peer.Bytes.ShutdownSendAsync(Token);
        Assert.Equal(PeerErrorKind.ConnectionLost, (await peer.Connection.Closed.WaitAsync(Bound, Token)).Kind);
        Assert.True(await peer.ReadEndAsync());
        await peer.Connection.DisposeAsync();
        Assert.Equal(1, lease.Disposals);
    }

    [Fact]
    public async Task A_failure_below_is_a_loss_and_says_what_failed()
    {
        await using QMuxPair pair = QMuxPair.Create();
        PeerStream stream = await pair.Dialler.OpenBidirectionalStreamAsync(Token);
        Task<int> reading = stream.ReadAsync(new byte[1], Token).AsTask();
        pair.AcceptorBytes.Break();
        ConnectionEnd end = await pair.Dialler.Closed.WaitAsync(Bound, Token);
        Assert.Equal(PeerErrorKind.ConnectionLost, end.Kind);
        Assert.Equal("reset", end.Exception!.Message);
        await AssertAllFailAsync([reading], PeerErrorKind.ConnectionLost, null);
    }

    [Fact]
    public async Task A_violation_is_answered_by_a_close_with_its_code_and_the_end_of_the_bytes()
    {
        var lease = new CountingLease();
        await using RawPeer peer = await RawPeer.StartAsync(QMuxPair.Settings(), lease);
        await peer.SendAsync(0x01);
        (long type, byte[] frames) = await peer.ReadRecordAsync();
        Assert.Equal(0x1c, type);
        Assert.Equal(0x07, frames[1]);
        Assert.True(await peer.ReadEndAsync());
        ConnectionEnd end = await peer.Connection.Closed.WaitAsync(Bound, Token);
        Assert.Equal((PeerErrorKind.ProtocolViolation, 7L), (end.Kind, end.ErrorCode));
        await peer.Bytes.ShutdownSendAsync(Token);
        await peer.Connection.DisposeAsync().AsTask().WaitAsync(Bound, Token);
        Assert.Equal(1, lease.Disposals);
    }

    [Fact]
    public async Task A_violation_that_the_peer_reports_is_told_as_one()
    {
        await using RawPeer peer = await RawPeer.StartAsync(QMuxPair.Settings());
        await peer.SendAsync([0x1c, 0x03, 0x08, 3, .. "bad"u8]);
        ConnectionEnd end = await peer.Connection.Closed.WaitAsync(Bound, Token);
        Assert.Equal(new ConnectionEnd(PeerErrorKind.ProtocolViolation, 3, "bad"), end);
    }

    [Fact]
    public async Task A_peer_that_never_ends_its_bytes_delays_the_close_by_a_bounded_time()
    {
        var time = new FakeTimeProvider();
        await using RawPeer peer = await RawPeer.StartAsync(QMuxPair.Settings(time));
        Task closing = peer.Connection.CloseAsync(5, cancellationToken: Token).AsTask();
        Assert.Equal(0x1d, (await peer.ReadRecordAsync()).Type);
        Assert.True(await peer.ReadEndAsync());
        Assert.False(closing.IsCompleted);
        time.Advance(QMuxConnection.CloseTimeout);
        await closing.WaitAsync(Bound, Token);
    }

    [Fact]
    public async Task A_peer_that_does_not_read_its_socket_delays_the_close_by_a_bounded_time()
    {
        var time = new FakeTimeProvider();
        await using RawPeer peer = await RawPeer.StartAsync(QMuxPair.Settings(time));
        PeerStream stream = await peer.Connection.OpenBidirectionalStreamAsync(Token);
        Task writing = stream.WriteAsync(new byte[1 << 20], Token).AsTask();
        Task closing = peer.Connection.DisposeAsync().AsTask();
        await AssertAllFailAsync([writing], PeerErrorKind.ClosedLocally, 0);
        time.Advance(QMuxConnection.CloseTimeout);
        await closing.WaitAsync(Bound, Token);
    }

    [Fact]
    public async Task The_token_of_a_close_ends_the_wait_and_not_the_closing()
    {
        var time = new FakeTimeProvider();
        await using RawPeer peer = await RawPeer.StartAsync(QMuxPair.Settings(time));
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task closing = peer.Connection.CloseAsync(5, cancellationToken: source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => closing.WaitAsync(Bound, Token));
        Assert.Equal(0x1d, (await peer.ReadRecordAsync()).Type);
        time.Advance(QMuxConnection.CloseTimeout);
        await peer.Connection.DisposeAsync().AsTask().WaitAsync(Bound, Token);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1L << 62)]
    public async Task A_code_out_of_range_is_refused(long code)
    {
        await using QMuxPair pair = QMuxPair.Create();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => pair.Dialler.CloseAsync(code, cancellationToken: Token).AsTask());
        Assert.False(pair.Dialler.Closed.IsCompleted);
    }

    [Fact]
    public async Task Keep_alive_pings_leave_at_the_interval()
    {
        var time = new FakeTimeProvider();
        await using RawPeer peer = await RawPeer.StartAsync(QMuxPair.Settings(time));
        for (int i = 0; i < 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(10));
            (long type, byte[] frames) = await peer.ReadRecordAsync();
            Assert.Equal(RawPeer.PingRequest, type);
            await peer.SendAsync([.. RawPeer.Integers(RawPeer.PingRequest + 1, frames[^1])]);

            // What the peer opens is accepted after its answer was taken.
            await peer.SendAsync([0x0a, .. RawPeer.Integers((i * 4) + 3), 0]);
            await peer.Connection.AcceptUnidirectionalStreamAsync(Token).AsTask().WaitAsync(Bound, Token);
        }

        Assert.False(peer.Connection.Closed.IsCompleted);
    }

    [Fact]
    public async Task A_peer_that_falls_silent_is_given_up_at_the_idle_time_out_without_a_frame()
    {
        var time = new FakeTimeProvider();
        await using RawPeer peer = await RawPeer.StartAsync(QMuxPair.Settings(time));
        PeerStream stream = await peer.Connection.OpenBidirectionalStreamAsync(Token);
        Task reading = stream.ReadAsync(new byte[1], Token).AsTask();
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(RawPeer.PingRequest, (await peer.ReadRecordAsync()).Type);
        time.Advance(TimeSpan.FromSeconds(30));
        ConnectionEnd end = await peer.Connection.Closed.WaitAsync(Bound, Token);
        Assert.Equal(PeerErrorKind.IdleTimeout, end.Kind);
        await AssertAllFailAsync([reading], PeerErrorKind.IdleTimeout, null);
        Assert.True(await peer.ReadEndAsync());
        await peer.Connection.DisposeAsync().AsTask().WaitAsync(Bound, Token);
    }

    private static async Task AssertAllFailAsync(Task[] tasks, PeerErrorKind kind, long? code)
    {
        foreach (Task task in tasks)
        {
            PeerException exception = await Assert.ThrowsAsync<PeerException>(() => task.WaitAsync(Bound, Token));
            Assert.Equal((kind, code), (exception.Kind, exception.ErrorCode));
        }
    }
}
