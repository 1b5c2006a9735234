namespace IrohRpc.Transports.Conformance;

/// <summary>Everything disposed, in every order, and never mistaken for success.</summary>
public abstract class DisposalConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_disposed_without_completing_never_looks_complete(bool bidirectional)
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenAsync(bidirectional, Side.Dialler);
        await near.WriteAsync("part"u8.ToArray(), Token).Bounded();
        await near.DisposeAsync().Bounded();
        PeerException seen = await far.ReadToFailureAsync();
        Assert.Equal((PeerErrorKind.StreamAborted, PeerStream.DisposedErrorCode), (seen.Kind, seen.ErrorCode));
    }

    [Fact]
    public async Task Stream_disposed_synchronously_never_looks_complete()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
#pragma warning disable CA1849 // The synchronous way is what the case is about.
        near.Dispose();
#pragma warning restore CA1849
        PeerException seen = await far.ReadToFailureAsync();
        Assert.Equal((PeerErrorKind.StreamAborted, PeerStream.DisposedErrorCode), (seen.Kind, seen.ErrorCode));
    }

    [Fact]
    public async Task Stream_disposed_before_anything_was_written_is_seen_as_aborted()
    {
        ConnectedPair pair = await ConnectAsync();
        PeerStream near = await pair.Dialler.OpenUnidirectionalStreamAsync(Token).Bounded();
        await near.DisposeAsync().Bounded();
        PeerStream far = await pair.Acceptor.AcceptUnidirectionalStreamAsync(Token).Bounded();
        PeerException seen = await far.ReadToFailureAsync();
        Assert.Equal((PeerErrorKind.StreamAborted, PeerStream.DisposedErrorCode), (seen.Kind, seen.ErrorCode));
    }

    [Fact]
    public async Task Writer_learns_that_the_reader_disposed_of_the_stream()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        await near.WriteAsync("unread"u8.ToArray(), Token).Bounded();
        await far.DisposeAsync().Bounded();
        await Failing.WithAsync(PeerErrorKind.StreamAborted, PeerStream.DisposedErrorCode, near.WritesClosed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_completed_is_delivered_after_the_stream_was_disposed(bool bidirectional)
    {
        ConnectedPair pair = await ConnectAsync();
        PeerStream near = await pair.Dialler.OpenAsync(bidirectional, Token).Bounded();
        byte[] sent = new byte[100_000];
        Random.Shared.NextBytes(sent);
        await near.WriteAsync(sent, Token).Bounded();
        near.CompleteWrites();
        await near.DisposeAsync().Bounded();
        PeerStream far = await pair.Acceptor.AcceptAsync(bidirectional, Token).Bounded();
        Assert.Equal(sent, await far.ReadToEndAsync());
    }

    [Fact]
    public async Task Half_that_is_complete_stays_so_when_the_other_is_disposed()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        await near.WriteAsync("whole"u8.ToArray(), completeWrites: true, Token).Bounded();
        await near.DisposeAsync().Bounded();
        Assert.Equal("whole"u8.ToArray(), await far.ReadToEndAsync());
        await Failing.WithAsync(PeerErrorKind.StreamAborted, PeerStream.DisposedErrorCode, far.WritesClosed);
    }

    [Fact]
    public async Task Pending_operations_fail_when_their_stream_is_disposed()
    {
        ConnectedPair pair = await ConnectAsync(new PeerOptions { StreamWindow = 16 * 1024 });
        (PeerStream near, _) = await pair.OpenBidirectionalAsync();
        Task reading = near.ReadAsync(new byte[1], Token).AsTask();
        Task writing = near.WriteAsync(new byte[(16 * 1024) + Subject.WriteAheadSlack + (1024 * 1024)], Token).AsTask();
        await near.DisposeAsync().Bounded();
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, PeerStream.DisposedErrorCode, reading);
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, PeerStream.DisposedErrorCode, writing);
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, PeerStream.DisposedErrorCode, near.ReadsClosed);
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, PeerStream.DisposedErrorCode, near.WritesClosed);
    }

    [Fact]
    public async Task Disposed_stream_refuses_further_use()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, _) = await pair.OpenBidirectionalAsync();
        await near.DisposeAsync().Bounded();
        await Failing.WithAsync(
            PeerErrorKind.StreamAbortedLocally, PeerStream.DisposedErrorCode, () => near.ReadAsync(new byte[1], Token).AsTask());
        await Failing.WithAsync(
            PeerErrorKind.StreamAbortedLocally, PeerStream.DisposedErrorCode, () => near.WriteAsync(new byte[1], Token).AsTask());
        near.CompleteWrites();
        near.AbortRead(1);
        near.AbortWrite(1);
    }

    [Fact]
    public async Task Streams_then_connections_then_listener()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        await DisposeAllAsync(near, far, pair.Dialler, pair.Acceptor, pair.Listener);
    }

    [Fact]
    public async Task Connections_then_streams_then_listener()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        await DisposeAllAsync(pair.Dialler, pair.Acceptor, near, far, pair.Listener);
    }

    [Fact]
    public async Task Listener_then_connections_then_streams()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        await DisposeAllAsync(pair.Listener, pair.Acceptor, pair.Dialler, far, near);
    }

    [Fact]
    public async Task Everything_twice()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        await DisposeAllAsync(near, near, far, far, pair.Dialler, pair.Dialler, pair.Acceptor, pair.Acceptor, pair.Listener, pair.Listener);
    }

    [Fact]
    public async Task Everything_at_once_while_operations_are_pending()
    {
        for (int round = 0; round < 10; round++)
        {
            ConnectedPair pair = await ConnectAsync(new PeerOptions { StreamWindow = 16 * 1024 });
            (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
            Task[] pending =
            [
                near.ReadAsync(new byte[1], Token).AsTask(),
                far.ReadAsync(new byte[1], Token).AsTask(),
                near.WriteAsync(new byte[1024 * 1024], Token).AsTask(),
                pair.Dialler.AcceptAsync(true, Token),
                pair.Acceptor.AcceptAsync(false, Token),
                pair.Listener.AcceptAsync(Token).AsTask(),
            ];
            IAsyncDisposable[] all = [near, far, pair.Dialler, pair.Acceptor, pair.Listener];
            await Task.WhenAll(Enumerable.Range(0, 2 * all.Length)
                .Select(i => Task.Run(() => all[i % all.Length].DisposeAsync().AsTask(), Token))).Bounded();
            foreach (Task operation in pending)
            {
                // A read may also have got what the write sent.
                Exception? failure = await Record.ExceptionAsync(() => operation.Bounded());
                Assert.True(failure is null or PeerException or ObjectDisposedException, failure?.ToString());
            }
        }
    }

    [Fact]
    public async Task Connection_with_many_open_streams_is_disposed_at_once()
    {
        ConnectedPair pair = await ConnectAsync();
        var reads = new List<Task>();
        for (int i = 0; i < 200; i++)
        {
            (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
            reads.Add(near.ReadAsync(new byte[1], Token).AsTask());
            reads.Add(far.ReadAsync(new byte[1], Token).AsTask());
        }

        await pair.Dialler.DisposeAsync().Bounded();
        foreach (Task read in reads)
        {
            PeerException failure = await Assert.ThrowsAsync<PeerException>(() => read.Bounded());
            Assert.True(failure.Kind is PeerErrorKind.ClosedLocally or PeerErrorKind.ClosedByPeer, failure.Message);
        }
    }

    [Fact]
    public async Task Members_of_a_disposed_connection_still_tell_what_it_was()
    {
        ConnectedPair pair = await ConnectAsync();
        string before = pair.Dialler.ToString();
        await pair.Dialler.DisposeAsync().Bounded();
        Assert.Equal(before, pair.Dialler.ToString());
        Assert.Equal(pair.AcceptorPeer.Id, pair.Dialler.PeerId);
        Assert.True(pair.Dialler.IsDialler);
        Assert.NotNull(pair.Dialler.LocalAddress);
        Assert.NotNull(pair.Dialler.RemoteAddress);
    }

    [Fact]
    public async Task Accepted_connections_outlive_the_listener()
    {
        ConnectedPair pair = await ConnectAsync();
        await pair.Listener.DisposeAsync().Bounded();
        await pair.RoundTripAsync();
        Assert.False(pair.Dialler.Closed.IsCompleted);
    }

    [Fact]
    public async Task Connection_that_nobody_accepted_ends_with_the_listener()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor);
        PeerConnection dialled = await DialAsync(listener.LocalAddress, acceptor.Id, NewPeer()).Bounded();
        await listener.DisposeAsync().Bounded();
        ConnectionEnd end = await dialled.Closed.Bounded();
        Assert.True(end.Kind is PeerErrorKind.ClosedByPeer or PeerErrorKind.ConnectionLost, end.ToString());
    }

    [Fact]
    public async Task Accepting_on_a_disposed_listener_says_so()
    {
        ITransportListener listener = await ListenAsync(NewPeer());
        Task pending = listener.AcceptAsync(Token).AsTask();
        await listener.DisposeAsync().Bounded();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => pending.Bounded());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => listener.AcceptAsync(Token).Bounded());
    }

    [Fact]
    public async Task Listener_can_listen_again_where_one_was_disposed()
    {
        Assert.SkipUnless(Subject.HasPorts, "This transport has no ports of the machine's.");
        ConformancePeer acceptor = NewPeer();
        ITransportListener first = await ListenAsync(acceptor);
        System.Net.IPEndPoint endPoint = first.LocalAddress.ToIPEndPoint();
        ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, first);
        await DisposeAllAsync(pair.Dialler, pair.Acceptor, first);
        var request = new ListenRequest(endPoint, ["conformance/1"], new PeerOptions().ToSettings(acceptor));
        ITransportListener second = Own(await Transport.ListenAsync(request, Token).Bounded());
        Assert.Equal(first.LocalAddress, second.LocalAddress);
        await (await ConnectAsync(NewPeer(), acceptor, second)).RoundTripAsync();
    }

    private static async Task DisposeAllAsync(params IAsyncDisposable[] all)
    {
        foreach (IAsyncDisposable one in all)
        {
            await one.DisposeAsync().Bounded();
        }
    }
}
