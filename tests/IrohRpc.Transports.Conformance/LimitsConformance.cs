namespace IrohRpc.Transports.Conformance;

/// <summary>Bounded memory: flow control of streams and connections, and limits on how many streams are open.</summary>
public abstract class LimitsConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    private const int Chunk = 4 * 1024;

    [Theory]
    [InlineData(true, Side.Dialler)]
    [InlineData(true, Side.Acceptor)]
    [InlineData(false, Side.Dialler)]
    [InlineData(false, Side.Acceptor)]
    public async Task Writer_stops_while_nobody_reads_and_goes_on_when_somebody_does(bool bidirectional, Side opener)
    {
        const int Window = 64 * 1024;
        int total = Window + Subject.WriteAheadSlack + (1024 * 1024);
        ConnectedPair pair = await ConnectAsync(new PeerOptions { StreamWindow = Window });
        (PeerStream near, PeerStream far) = await pair.OpenAsync(bidirectional, opener);
        var writer = new CountingWriter(near, total);

        // Round trips on other streams let time pass, and show that they go on.
        await writer.Started.Bounded();
        await UntilStoppedAsync(() => pair.RoundTripAsync(20), writer);
        Assert.InRange(writer.Written, 1, Window + Subject.WriteAheadSlack);

        Assert.Equal(total, (await far.ReadHashAsync().Bounded()).Length);
        await writer.Done.Bounded();
    }

    [Fact]
    public async Task Whole_connection_stops_at_its_own_window()
    {
        const int Window = 256 * 1024;
        ConnectedPair pair = await ConnectAsync(new PeerOptions { StreamWindow = 4 * Window, ConnectionWindow = Window });
        int total = Window + Subject.WriteAheadSlack + (256 * 1024);
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        var writer = new CountingWriter(near, total);
        await writer.Started.Bounded();
        await UntilStoppedAsync(() => SendBackAsync(pair), writer);
        Assert.InRange(writer.Written, 1, Window + Subject.WriteAheadSlack);

        Assert.Equal(total, (await far.ReadHashAsync().Bounded()).Length);
        await writer.Done.Bounded();
        await pair.RoundTripAsync();
    }

    [Fact]
    public async Task Streams_share_the_connections_window()
    {
        const int Window = 256 * 1024;
        const int Streams = 8;
        ConnectedPair pair = await ConnectAsync(new PeerOptions { StreamWindow = Window, ConnectionWindow = Window });
        int total = Window + Subject.WriteAheadSlack;
        var pairs = new List<(PeerStream Near, PeerStream Far)>();
        for (int i = 0; i < Streams; i++)
        {
            pairs.Add(await pair.OpenUnidirectionalAsync());
        }

        CountingWriter[] writers = [.. pairs.Select(stream => new CountingWriter(stream.Near, total))];
        await Task.WhenAny(writers.Select(writer => writer.Started)).Bounded();
        await UntilStoppedAsync(() => SendBackAsync(pair), writers);
        Assert.InRange(writers.Sum(writer => writer.Written), 0, Window + (Streams * (long)Subject.WriteAheadSlack));
        (string Hash, long Length)[] read = await Task.WhenAll(pairs.Select(stream => stream.Far.ReadHashAsync())).Bounded();
        Assert.All(read, content => Assert.Equal(total, content.Length));
        await Task.WhenAll(writers.Select(writer => writer.Done)).Bounded();
    }

    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task As_many_streams_as_there_may_be_that_nobody_reads_and_a_paused_download_stop_nobody_else(Side writer)
    {
        const int Streams = 1024;
        ConnectedPair pair = await ConnectAsync();
        (PeerStream Near, PeerStream Far) lane = await pair.OpenBidirectionalAsync(writer);
        (PeerStream Near, PeerStream Far) paused = await pair.OpenBidirectionalAsync(writer);
        var content = new byte[4 * 1024 * 1024];
        List<Task> writing = [paused.Near.WriteAsync(content, Token).AsTask()];
        try
        {
            for (int read = 0; read < 1024 * 1024;)
            {
                read += await paused.Far.ReadAsync(new byte[16 * 1024], Token).Bounded();
            }

            ReadOnlyMemory<byte> chunk = content.AsMemory(0, 64 * 1024);
            for (int i = 2; i < Streams; i++)
            {
                PeerStream stream = await pair[writer].OpenBidirectionalStreamAsync(Token).Bounded();
                writing.Add(stream.WriteAsync(chunk, Token).AsTask());
            }

            for (int i = 0; i < 20; i++)
            {
                await lane.Near.WriteAsync(content.AsMemory(0, 10_000), Token).Bounded();
                for (int read = 0; read < 10_000;)
                {
                    read += await lane.Far.ReadAsync(new byte[10_000], Token).Bounded();
                }
            }

            // The first bytes of a stream that comes after all of them.
            (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync(writer);
            await near.WriteAsync(content.AsMemory(0, 1000), Token).Bounded();
            await far.ReadAsync(new byte[1000], Token).Bounded();
        }
        finally
        {
            await pair.Dialler.DisposeAsync().Bounded();
            await Task.WhenAll(writing).ContinueWith(static ended => ended.Exception, TaskScheduler.Default).Bounded();
        }
    }

    [Theory]
    [InlineData(true, Side.Dialler)]
    [InlineData(true, Side.Acceptor)]
    [InlineData(false, Side.Dialler)]
    [InlineData(false, Side.Acceptor)]
    public async Task Open_waits_at_the_limit_and_goes_on_when_a_stream_is_finished(bool bidirectional, Side opener)
    {
        ConnectedPair pair = await ConnectAsync(Limited(bidirectional, 2));
        (PeerStream near, PeerStream far) = await pair.OpenAsync(bidirectional, opener);
        await pair.OpenAsync(bidirectional, opener);
        Task<PeerStream> third = pair[opener].OpenAsync(bidirectional, Token);
        await pair.RoundTripOnAsync(!bidirectional);
        Assert.False(third.IsCompleted);

        await FinishAsync(near, far);
        PeerStream opened = await third.Bounded();
        await opened.WriteAsync("third"u8.ToArray(), completeWrites: true, Token).Bounded();
        PeerStream accepted = await pair.Opposite(opener).AcceptAsync(bidirectional, Token).Bounded();
        Assert.Equal("third"u8.ToArray(), await accepted.ReadToEndAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Aborted_stream_makes_room_for_another(bool bidirectional)
    {
        ConnectedPair pair = await ConnectAsync(Limited(bidirectional, 1));
        (PeerStream near, PeerStream far) = await pair.OpenAsync(bidirectional, Side.Dialler);
        Task<PeerStream> waiting = pair.Dialler.OpenAsync(bidirectional, Token);
        near.AbortWrite(1);
        near.AbortRead(1);
        await far.ReadToFailureAsync();
        await far.DisposeAsync();
        await waiting.Bounded();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Streams_that_nobody_accepts_count_against_the_limit(bool bidirectional)
    {
        ConnectedPair pair = await ConnectAsync(Limited(bidirectional, 2));
        for (int i = 0; i < 2; i++)
        {
            PeerStream stream = await pair.Dialler.OpenAsync(bidirectional, Token).Bounded();
            await stream.WriteAsync(new byte[1], Token).Bounded();
        }

        Task<PeerStream> third = pair.Dialler.OpenAsync(bidirectional, Token);
        await pair.RoundTripOnAsync(!bidirectional);
        Assert.False(third.IsCompleted);
        for (int i = 0; i < 2; i++)
        {
            PeerStream far = await pair.Acceptor.AcceptAsync(bidirectional, Token).Bounded();
            await far.DisposeAsync();
        }

        await third.Bounded();
    }

    [Theory]
    [InlineData(true, Side.Dialler)]
    [InlineData(true, Side.Acceptor)]
    [InlineData(false, Side.Dialler)]
    [InlineData(false, Side.Acceptor)]
    public async Task Limit_of_zero_allows_none(bool bidirectional, Side opener)
    {
        ConnectedPair pair = await ConnectAsync(Limited(bidirectional, 0));
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task<PeerStream> never = pair[opener].OpenAsync(bidirectional, cancellation.Token);
        await pair.RoundTripOnAsync(!bidirectional);
        Assert.False(never.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never.Bounded());
    }

    [Fact]
    public async Task Each_side_sets_its_own_limit()
    {
        ConnectedPair pair = await ConnectAsync(
            new PeerOptions { BidirectionalStreams = 1 }, new PeerOptions { BidirectionalStreams = 3 });
        for (int i = 0; i < 3; i++)
        {
            await pair.OpenBidirectionalAsync(Side.Dialler);
        }

        await pair.OpenBidirectionalAsync(Side.Acceptor);
        Task<PeerStream> fourth = pair.Dialler.OpenAsync(true, Token);
        Task<PeerStream> second = pair.Acceptor.OpenAsync(true, Token);
        await pair.RoundTripOnAsync(bidirectional: false);
        Assert.False(fourth.IsCompleted);
        Assert.False(second.IsCompleted);
        await pair.Dialler.CloseAsync(0, "", Token).Bounded();
        await Failing.WithAsync(PeerErrorKind.ClosedLocally, fourth);
        await Failing.WithAsync(PeerErrorKind.ClosedByPeer, second);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Limit_counts_open_streams_not_all_that_ever_were(bool bidirectional)
    {
        ConnectedPair pair = await ConnectAsync(Limited(bidirectional, 3));
        for (int i = 0; i < 100; i++)
        {
            (PeerStream near, PeerStream far) = await pair.OpenAsync(bidirectional, (Side)(i % 2));
            await FinishAsync(near, far);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task All_opens_that_wait_get_their_turn(bool bidirectional)
    {
        const int Count = 50;
        ConnectedPair pair = await ConnectAsync(Limited(bidirectional, 2));
        Task opening = Task.WhenAll(Enumerable.Range(0, Count).Select(async _ =>
        {
            PeerStream near = await pair.Dialler.OpenAsync(bidirectional, Token);
            await near.WriteAsync(new byte[10], completeWrites: true, Token);
            if (bidirectional)
            {
                Assert.Empty(await near.ReadToEndAsync());
            }
        }));
        for (int i = 0; i < Count; i++)
        {
            PeerStream far = await pair.Acceptor.AcceptAsync(bidirectional, Token).Bounded();
            Assert.Equal(10, (await far.ReadToEndAsync()).Length);
            far.CompleteWrites();
        }

        await opening.Bounded();
    }

    private static PeerOptions Limited(bool bidirectional, int limit)
        => bidirectional ? new PeerOptions { BidirectionalStreams = limit } : new PeerOptions { UnidirectionalStreams = limit };

    /// <summary>Uses the way from the acceptor to the dialler, whose window nobody fills.</summary>
    private static async Task SendBackAsync(ConnectedPair pair)
    {
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync(Side.Acceptor);
        for (int i = 0; i < 20; i++)
        {
            await near.WriteAsync(new byte[1], Token).Bounded();
            Assert.Equal(1, await far.ReadAsync(new byte[1], Token).Bounded());
        }
    }

    /// <summary>Lets time pass by something that takes its time, until the writers get no further.</summary>
    private static async Task UntilStoppedAsync(Func<Task> meanwhile, params CountingWriter[] writers)
    {
        long before;
        do
        {
            before = writers.Sum(writer => writer.Written);
            await meanwhile();
        }
        while (writers.Sum(writer => writer.Written) != before
            || !Array.TrueForAll(writers, writer => writer.IsWaiting || writer.Done.IsCompleted));

        Assert.All(writers, writer => Assert.False(writer.Done.IsCompleted));
    }

    private static async Task FinishAsync(PeerStream near, PeerStream far)
    {
        near.CompleteWrites();
        Assert.Empty(await far.ReadToEndAsync());
        far.CompleteWrites();
        if (near.CanRead)
        {
            Assert.Empty(await near.ReadToEndAsync());
        }

        await near.DisposeAsync();
        await far.DisposeAsync();
    }

    private sealed class CountingWriter
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _written;
        private volatile bool _waiting;

        public CountingWriter(PeerStream stream, long total) => Done = Task.Run(() => WriteAsync(stream, total), Token);

        public Task Done { get; }

        /// <summary>Something was written, so that no more being written means something.</summary>
        public Task Started => _started.Task;

        /// <summary>Whether a write did not complete at once and has not completed yet.</summary>
        public bool IsWaiting => _waiting;

        public long Written => Interlocked.Read(ref _written);

        private async Task WriteAsync(PeerStream stream, long total)
        {
            byte[] chunk = new byte[Chunk];
            while (Written < total)
            {
                int count = (int)Math.Min(Chunk, total - Written);
                Task writing = stream.WriteAsync(chunk.AsMemory(0, count), completeWrites: Written + count == total, Token).AsTask();
                _waiting = !writing.IsCompleted;
                await writing;
                _waiting = false;
                Interlocked.Add(ref _written, count);
                _started.TrySetResult();
            }
        }
    }
}
