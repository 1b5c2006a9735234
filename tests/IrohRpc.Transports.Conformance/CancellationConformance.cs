namespace IrohRpc.Transports.Conformance;

/// <summary>Every awaitable, cancelled: what ends, what is lost, and what goes on.</summary>
public abstract class CancellationConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    private static CancellationToken Cancelled { get; } = new(canceled: true);

    [Fact]
    public async Task Cancelled_dial_gives_up()
    {
        ConformancePeer dialler = NewPeer();
        ConformancePeer acceptor = NewPeer();
        TransportAddress silent = await Subject.GetSilentAddressAsync(dialler, acceptor);
        using var cancellation = new CancellationTokenSource();
        Task dialling = DialAsync(silent, acceptor.Id, dialler, null, cancellation.Token);
        Assert.False(dialling.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dialling.Bounded());
    }

    [Fact]
    public async Task Dial_with_a_cancelled_token_does_not_start()
    {
        ConformancePeer acceptor = NewPeer();
        var admission = new RecordingAdmission();
        ITransportListener listener = await ListenAsync(acceptor, new PeerOptions { Admission = admission });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => DialAsync(listener.LocalAddress, acceptor.Id, NewPeer(), null, Cancelled).Bounded());
        ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, listener);
        Assert.Equal([pair.Acceptor.RemoteAddress], admission.Asked);
    }

    [Fact]
    public async Task Listen_with_a_cancelled_token_does_not_start()
    {
        var request = new ListenRequest(Subject.ListenOn, ["conformance/1"], new PeerOptions().ToSettings(NewPeer()));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.ListenAsync(request, Cancelled).Bounded());
    }

    [Fact]
    public async Task Cancelled_accept_leaves_the_connection_to_the_next()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor);
        using var cancellation = new CancellationTokenSource();
        Task accepting = listener.AcceptAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting.Bounded());
        ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, listener);
        await pair.RoundTripAsync();
    }

    [Fact]
    public async Task Accept_with_a_cancelled_token_leaves_the_connection_to_the_next()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor);
        PeerConnection dialled = await DialAsync(listener.LocalAddress, acceptor.Id, NewPeer()).Bounded();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listener.AcceptAsync(Cancelled).Bounded());
        PeerConnection accepted = await AcceptAsync(listener);
        Assert.Equal(dialled.LocalAddress, accepted.RemoteAddress);
    }

    [Fact]
    public async Task Change_of_ALPNs_with_a_cancelled_token_leaves_the_old_or_the_new()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listener.SetAlpnsAsync(["other"], Cancelled).Bounded());
        ConnectedPair pair = await ConnectAsync(NewPeer(), acceptor, listener, new PeerOptions { Alpns = ["conformance/1", "other"] });
        await pair.RoundTripAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancelled_open_loses_no_stream(bool bidirectional)
    {
        ConnectedPair pair = await ConnectAsync(
            bidirectional ? new PeerOptions { BidirectionalStreams = 1 } : new PeerOptions { UnidirectionalStreams = 1 });
        (PeerStream near, PeerStream far) = await pair.OpenAsync(bidirectional, Side.Dialler);
        for (int i = 0; i < 3; i++)
        {
            using var cancellation = new CancellationTokenSource();
            Task waiting = pair.Dialler.OpenAsync(bidirectional, cancellation.Token);
            Assert.False(waiting.IsCompleted);
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.Bounded());
        }

        await near.DisposeAsync();
        await far.DisposeAsync();
        PeerStream next = await pair.Dialler.OpenAsync(bidirectional, Token).Bounded();
        await next.WriteAsync("next"u8.ToArray(), completeWrites: true, Token).Bounded();
        PeerStream accepted = await pair.Acceptor.AcceptAsync(bidirectional, Token).Bounded();
        Assert.Equal(next.Id, accepted.Id);
        Assert.Equal("next"u8.ToArray(), await accepted.ReadToEndAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_with_a_cancelled_token_opens_nothing(bool bidirectional)
    {
        ConnectedPair pair = await ConnectAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Dialler.OpenAsync(bidirectional, Cancelled).Bounded());
        (PeerStream near, PeerStream far) = await pair.OpenAsync(bidirectional, Side.Dialler);
        Assert.Equal(near.Id, far.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Cancelled_accept_of_a_stream_leaves_it_to_the_next(bool bidirectional)
    {
        ConnectedPair pair = await ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        Task accepting = pair.Acceptor.AcceptAsync(bidirectional, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting.Bounded());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pair.Acceptor.AcceptAsync(bidirectional, Cancelled).Bounded());
        (PeerStream near, PeerStream far) = await pair.OpenAsync(bidirectional, Side.Dialler);
        Assert.Equal(near.Id, far.Id);
    }

    [Fact]
    public async Task Accepts_and_cancellations_that_race_lose_no_stream()
    {
        const int Count = 100;
        ConnectedPair pair = await ConnectAsync();
        Task opening = Task.Run(
            async () =>
            {
                for (int i = 0; i < Count; i++)
                {
                    PeerStream near = await pair.Dialler.OpenUnidirectionalStreamAsync(Token);
                    await near.WriteAsync(BitConverter.GetBytes(i), completeWrites: true, Token);
                }
            },
            Token);
        for (int i = 0; i < Count; i++)
        {
            PeerStream? far = null;
            while (far is null)
            {
                using var cancellation = new CancellationTokenSource();
                Task<PeerStream> accepting = pair.Acceptor.AcceptAsync(false, cancellation.Token);
                await cancellation.CancelAsync();
                try
                {
                    far = await accepting.Bounded();
                }
                catch (OperationCanceledException) when (!Token.IsCancellationRequested)
                {
                    // The cancellation won; the stream must still be there.
                }
            }

            Assert.Equal(i, BitConverter.ToInt32(await far.ReadToEndAsync()));
        }

        await opening.Bounded();
    }

    [Fact]
    public async Task Cancelled_read_aborts_reading_with_its_code()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        using var cancellation = new CancellationTokenSource();
        Task reading = far.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Bounded());
        await Failing.WithAsync(PeerErrorKind.StreamAborted, PeerStream.CancelledErrorCode, near.WritesClosed);
        await Failing.WithAsync(
            PeerErrorKind.StreamAbortedLocally, PeerStream.CancelledErrorCode, () => far.ReadAsync(new byte[1], Token).AsTask());
    }

    [Fact]
    public async Task Cancelled_read_leaves_writing_alone()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        using var cancellation = new CancellationTokenSource();
        Task reading = far.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Bounded());
        await far.WriteAsync("on"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("on"u8.ToArray(), await near.ReadToEndAsync());
    }

    [Fact]
    public async Task Read_with_a_cancelled_token_aborts_reading_too()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => far.ReadAsync(new byte[1], Cancelled).AsTask());
        await Failing.WithAsync(PeerErrorKind.StreamAborted, PeerStream.CancelledErrorCode, near.WritesClosed);
    }

    [Fact]
    public async Task Cancelled_write_aborts_writing_with_its_code()
    {
        ConnectedPair pair = await ConnectAsync(new PeerOptions { StreamWindow = 16 * 1024 });
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        using var cancellation = new CancellationTokenSource();
        Task writing = near.WriteAsync(new byte[(16 * 1024) + Subject.WriteAheadSlack + (1024 * 1024)], cancellation.Token).AsTask();
        Assert.False(writing.IsCompleted);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Bounded());
        PeerException seen = await far.ReadToFailureAsync();
        Assert.Equal((PeerErrorKind.StreamAborted, PeerStream.CancelledErrorCode), (seen.Kind, seen.ErrorCode));
        await Failing.WithAsync(
            PeerErrorKind.StreamAbortedLocally, PeerStream.CancelledErrorCode, () => near.WriteAsync(new byte[1], Token).AsTask());
        await far.WriteAsync("on"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("on"u8.ToArray(), await near.ReadToEndAsync());
    }

    [Fact]
    public async Task Write_with_a_cancelled_token_aborts_writing_too()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => near.WriteAsync(new byte[1], Cancelled).AsTask());
        PeerException seen = await far.ReadToFailureAsync();
        Assert.Equal((PeerErrorKind.StreamAborted, PeerStream.CancelledErrorCode), (seen.Kind, seen.ErrorCode));
    }

    [Fact]
    public async Task Token_cancelled_after_an_operation_has_no_effect_on_what_follows()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        using var cancellation = new CancellationTokenSource();
        Task<int> reading = far.ReadAsync(new byte[1], cancellation.Token).AsTask();
        await near.WriteAsync(new byte[1], cancellation.Token).Bounded();
        Assert.Equal(1, await reading.Bounded());
        await cancellation.CancelAsync();
        await near.WriteAsync("on"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("on"u8.ToArray(), await far.ReadToEndAsync());
    }

    [Fact]
    public async Task Close_with_a_cancelled_token_still_closes()
    {
        ConnectedPair pair = await ConnectAsync();
        try
        {
            await pair.Dialler.CloseAsync(6, "in a hurry", Cancelled).Bounded();
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            // Only the wait ended.
        }

        Assert.Equal(PeerErrorKind.ClosedLocally, (await pair.Dialler.Closed.Bounded()).Kind);
        ConnectionEnd seen = await pair.Acceptor.Closed.Bounded();
        Assert.Equal((PeerErrorKind.ClosedByPeer, 6L, "in a hurry"), (seen.Kind, seen.ErrorCode, seen.Reason));
    }
}
