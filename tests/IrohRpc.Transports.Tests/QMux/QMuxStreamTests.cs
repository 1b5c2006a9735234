namespace IrohRpc.Tests.QMux;

public sealed class QMuxStreamTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bidirectional_stream_carries_bytes_both_ways_and_ends_each_way()
    {
        await using QMuxPair pair = QMuxPair.Create();
        await using PeerStream near = await pair.Dialler.OpenBidirectionalStreamAsync(Token).AsTask().WaitAsync(Bound, Token);
        await near.WriteAsync("hello"u8.ToArray(), completeWrites: true, Token);
        await using PeerStream far = await pair.Acceptor.AcceptBidirectionalStreamAsync(Token).AsTask().WaitAsync(Bound, Token);
        Assert.Equal("hello"u8.ToArray(), await ReadToEndAsync(far));
        await far.WriteAsync("world"u8.ToArray(), completeWrites: true, Token);
        Assert.Equal("world"u8.ToArray(), await ReadToEndAsync(near));
        await near.ReadsClosed.WaitAsync(Bound, Token);
        await far.WritesClosed.WaitAsync(Bound, Token);
        Assert.Equal(0, near.Id);
    }

    [Fact]
    public async Task A_large_transfer_arrives_whole_both_ways_at_once()
    {
        await using QMuxPair pair = QMuxPair.Create();
        byte[] content = new byte[5_000_000];
        new Random(1).NextBytes(content);
        await using PeerStream near = await pair.Dialler.OpenBidirectionalStreamAsync(Token);
        Task writing = near.WriteAsync(content, completeWrites: true, Token).AsTask();
        await using PeerStream far = await pair.Acceptor.AcceptBidirectionalStreamAsync(Token).AsTask().WaitAsync(Bound, Token);
        Task answering = far.WriteAsync(content, completeWrites: true, Token).AsTask();
        byte[][] got = await Task.WhenAll(ReadToEndAsync(near), ReadToEndAsync(far)).WaitAsync(Bound, Token);
        await Task.WhenAll(writing, answering).WaitAsync(Bound, Token);
        Assert.True(content.AsSpan().SequenceEqual(got[0]));
        Assert.True(content.AsSpan().SequenceEqual(got[1]));
    }

    [Fact]
    public async Task Each_side_is_told_when_the_parameters_of_the_other_have_arrived()
    {
        await using QMuxPair pair = QMuxPair.Create();
        await pair.Dialler.PeerReady.WaitAsync(Bound, Token);
        await pair.Acceptor.PeerReady.WaitAsync(Bound, Token);

        (DuplexStream one, DuplexStream silent) = DuplexStream.CreatePair();
        await using Transports.QMux.QMuxConnection alone = QMuxPair.Start(one, isDialler: true, QMuxPair.Settings());
        await silent.ShutdownSendAsync(Token);
        await alone.Closed.WaitAsync(Bound, Token);
        Assert.False(alone.PeerReady.IsCompleted);
    }

    [Fact]
    public async Task Cancelling_a_read_aborts_the_direction_with_code_1()
    {
        await using QMuxPair pair = QMuxPair.Create();
        (PeerStream near, PeerStream far) = await OpenAsync(pair);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task reading = near.ReadAsync(new byte[1], source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Bound, Token));
        await AssertAbortedAsync(far.WritesClosed, PeerErrorKind.StreamAborted, PeerStream.CancelledErrorCode);
        await AssertAbortedAsync(near.ReadsClosed, PeerErrorKind.StreamAbortedLocally, PeerStream.CancelledErrorCode);
        await AssertAbortedAsync(far.WriteAsync(new byte[1], Token).AsTask(), PeerErrorKind.StreamAborted, 1);
        await near.WriteAsync(new byte[1], completeWrites: true, Token);
        Assert.Single(await ReadToEndAsync(far));
    }

    [Fact]
    public async Task Cancelling_a_write_aborts_the_direction_with_code_1()
    {
        await using QMuxPair pair = QMuxPair.Create();
        (PeerStream near, PeerStream far) = await OpenAsync(pair);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task writing = near.WriteAsync(new byte[10_000_000], source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Bound, Token));
        await AssertAbortedAsync(far.ReadsClosed, PeerErrorKind.StreamAborted, PeerStream.CancelledErrorCode);
        await AssertAbortedAsync(near.WritesClosed, PeerErrorKind.StreamAbortedLocally, PeerStream.CancelledErrorCode);
    }

    [Fact]
    public async Task A_token_that_is_cancelled_already_aborts_as_one_that_is_cancelled_later()
    {
        await using QMuxPair pair = QMuxPair.Create();
        (PeerStream near, PeerStream far) = await OpenAsync(pair);
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => near.ReadAsync(new byte[1], cancelled).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => near.WriteAsync(new byte[1], cancelled).AsTask());
        await AssertAbortedAsync(far.WritesClosed, PeerErrorKind.StreamAborted, 1);
        await AssertAbortedAsync(far.ReadsClosed, PeerErrorKind.StreamAborted, 1);
    }

    [Fact]
    public async Task Disposing_aborts_what_has_not_ended_with_code_2()
    {
        await using QMuxPair pair = QMuxPair.Create();
        (PeerStream near, PeerStream far) = await OpenAsync(pair);
        Task reading = near.ReadAsync(new byte[1], Token).AsTask();
        Task writing = near.WriteAsync(new byte[10_000_000], Token).AsTask();
        await near.DisposeAsync();
        await AssertAbortedAsync(reading, PeerErrorKind.StreamAbortedLocally, PeerStream.DisposedErrorCode);
        await AssertAbortedAsync(writing, PeerErrorKind.StreamAbortedLocally, PeerStream.DisposedErrorCode);
        await AssertAbortedAsync(far.ReadsClosed, PeerErrorKind.StreamAborted, PeerStream.DisposedErrorCode);
        await AssertAbortedAsync(far.WritesClosed, PeerErrorKind.StreamAborted, PeerStream.DisposedErrorCode);
    }

    [Fact]
    public async Task Disposing_after_completing_still_delivers_what_was_written()
    {
        await using QMuxPair pair = QMuxPair.Create();
        byte[] content = new byte[60_000];
        new Random(2).NextBytes(content);
        PeerStream near = await pair.Dialler.OpenUnidirectionalStreamAsync(Token);
        await near.WriteAsync(content, Token);
        near.CompleteWrites();
        await near.DisposeAsync();
        PeerStream far = await pair.Acceptor.AcceptUnidirectionalStreamAsync(Token).AsTask().WaitAsync(Bound, Token);
        Assert.Equal(content, await ReadToEndAsync(far));
    }

    [Fact]
    public async Task Each_direction_is_aborted_with_its_own_code()
    {
        await using QMuxPair pair = QMuxPair.Create();
        (PeerStream near, PeerStream far) = await OpenAsync(pair);
        near.AbortWrite(11);
        near.AbortRead(PeerConnection.MaxErrorCode);
        near.AbortWrite(13);
        await AssertAbortedAsync(far.ReadAsync(new byte[1], Token).AsTask(), PeerErrorKind.StreamAborted, 11);
        await AssertAbortedAsync(far.WritesClosed, PeerErrorKind.StreamAborted, PeerConnection.MaxErrorCode);
        Assert.Throws<ArgumentOutOfRangeException>(() => near.AbortRead(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.AbortWrite(1L << 62));
    }

    [Fact]
    public async Task A_writer_waits_for_a_reader_that_does_not_read_and_others_go_on()
    {
        await using QMuxPair pair = QMuxPair.Create();
        (PeerStream near, PeerStream far) = await OpenAsync(pair);
        Task writing = near.WriteAsync(new byte[1_000_000], completeWrites: true, Token).AsTask();
        (PeerStream other, PeerStream otherFar) = await OpenAsync(pair);
        for (int i = 0; i < 100; i++)
        {
            await other.WriteAsync(new byte[1], Token);
            Assert.Equal(1, await otherFar.ReadAsync(new byte[10], Token).AsTask().WaitAsync(Bound, Token));
        }

        Assert.False(writing.IsCompleted);
        Assert.Equal(1_000_000, (await ReadToEndAsync(far)).Length);
        await writing.WaitAsync(Bound, Token);
    }

    [Fact]
    public async Task One_read_and_one_write_may_be_under_way_and_no_second_one()
    {
        await using QMuxPair pair = QMuxPair.Create();
        (PeerStream near, PeerStream far) = await OpenAsync(pair);
        Task<int> reading = near.ReadAsync(new byte[1], Token).AsTask();
        Task writing = near.WriteAsync(new byte[1_000_000], Token).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => near.ReadAsync(new byte[1], Token).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => near.WriteAsync(new byte[1], Token).AsTask());
        await far.WriteAsync(new byte[1], Token);
        Assert.Equal(1, await reading.WaitAsync(Bound, Token));
        near.CompleteWrites();
        Assert.Equal(1_000_000, (await ReadToEndAsync(far)).Length);
        await writing.WaitAsync(Bound, Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => near.WriteAsync(new byte[1], Token).AsTask());
    }

    [Fact]
    public async Task A_direction_that_is_not_there_is_misuse_and_has_ended()
    {
        await using QMuxPair pair = QMuxPair.Create();
        PeerStream near = await pair.Dialler.OpenUnidirectionalStreamAsync(Token);
        await near.WriteAsync(new byte[1], Token);
        PeerStream far = await pair.Acceptor.AcceptUnidirectionalStreamAsync(Token).AsTask().WaitAsync(Bound, Token);
        Assert.False(near.CanRead);
        Assert.False(far.CanWrite);
        await Assert.ThrowsAsync<InvalidOperationException>(() => near.ReadAsync(new byte[1], Token).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => far.WriteAsync(new byte[1], Token).AsTask());
        Assert.True(near.ReadsClosed.IsCompletedSuccessfully);
        Assert.True(far.WritesClosed.IsCompletedSuccessfully);
        far.CompleteWrites();
        near.AbortRead(1);
    }

    [Fact]
    public async Task An_empty_read_completes_when_there_is_something_to_read()
    {
        await using QMuxPair pair = QMuxPair.Create();
        (PeerStream near, PeerStream far) = await OpenAsync(pair);
        Task<int> waiting = near.ReadAsync(Memory<byte>.Empty, Token).AsTask();
        Assert.False(waiting.IsCompleted);
        await far.WriteAsync(new byte[] { 5 }, Token);
        Assert.Equal(0, await waiting.WaitAsync(Bound, Token));
        byte[] buffer = new byte[2];
        Assert.Equal(1, await near.ReadAsync(buffer, Token));
        Assert.Equal(5, buffer[0]);
    }

    [Fact]
    public async Task Opening_waits_at_the_limit_until_the_peer_has_finished_with_a_stream()
    {
        await using QMuxPair pair = QMuxPair.Create(QMuxPair.Settings(streams: 1));
        (PeerStream near, PeerStream far) = await OpenAsync(pair);
        Task<PeerStream> opening = pair.Dialler.OpenBidirectionalStreamAsync(Token).AsTask();
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<PeerStream> cancelled = pair.Dialler.OpenBidirectionalStreamAsync(source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Bound, Token));
        Assert.False(opening.IsCompleted);
        await near.DisposeAsync();
        await far.DisposeAsync();
        PeerStream next = await opening.WaitAsync(Bound, Token);
        Assert.Equal(4, next.Id);
    }

    [Fact]
    public async Task Cancelling_an_accept_loses_no_stream()
    {
        await using QMuxPair pair = QMuxPair.Create();
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<PeerStream> cancelled = pair.Acceptor.AcceptBidirectionalStreamAsync(source.Token).AsTask();
        Task<PeerStream> patient = pair.Acceptor.AcceptBidirectionalStreamAsync(Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Bound, Token));
        PeerStream near = await pair.Dialler.OpenBidirectionalStreamAsync(Token);
        await near.WriteAsync(new byte[1], Token);
        Assert.Equal(near.Id, (await patient.WaitAsync(Bound, Token)).Id);
    }

    [Fact]
    public async Task A_thousand_streams_at_once_each_echo_their_own()
    {
        await using QMuxPair pair = QMuxPair.Create();
        Task serving = Task.WhenAll(Enumerable.Range(0, 1000).Select(async _ =>
        {
            await using PeerStream stream = await pair.Acceptor.AcceptBidirectionalStreamAsync(Token);
            await stream.WriteAsync(await ReadToEndAsync(stream), completeWrites: true, Token);
        }));
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            await using PeerStream stream = await pair.Dialler.OpenBidirectionalStreamAsync(Token);
            byte[] content = BitConverter.GetBytes(i);
            await stream.WriteAsync(content, completeWrites: true, Token);
            Assert.Equal(content, await ReadToEndAsync(stream));
        })).WaitAsync(Bound, Token);
        await serving.WaitAsync(Bound, Token);
    }

    private static async Task<(PeerStream Near, PeerStream Far)> OpenAsync(QMuxPair pair)
    {
        PeerStream near = await pair.Dialler.OpenBidirectionalStreamAsync(Token).AsTask().WaitAsync(Bound, Token);
        await near.WriteAsync(new byte[1], Token);
        PeerStream far = await pair.Acceptor.AcceptBidirectionalStreamAsync(Token).AsTask().WaitAsync(Bound, Token);
        Assert.Equal(1, await far.ReadAsync(new byte[2], Token).AsTask().WaitAsync(Bound, Token));
        return (near, far);
    }

    private static async Task AssertAbortedAsync(Task task, PeerErrorKind kind, long code)
    {
        PeerException exception = await Assert.ThrowsAsync<PeerException>(() => task.WaitAsync(Bound, Token));
        Assert.Equal((kind, code), (exception.Kind, exception.ErrorCode));
    }

    private static async Task<byte[]> ReadToEndAsync(Stream stream)
    {
        var all = new MemoryStream();
        byte[] buffer = new byte[10_000];
        int count;
        while ((count = await stream.ReadAsync(buffer, Token).AsTask().WaitAsync(Bound, Token)) > 0)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }
}
