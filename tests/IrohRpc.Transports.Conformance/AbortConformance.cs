namespace IrohRpc.Transports.Conformance;

/// <summary>Directions that end before their time, each on its own and with its code.</summary>
public abstract class AbortConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    [Theory]
    [MemberData(nameof(AbortCases.Codes), MemberType = typeof(AbortCases))]
    public async Task Reader_learns_the_code_with_which_writing_was_aborted(bool bidirectional, Side opener, long code)
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenAsync(bidirectional, opener);
        Task<int> pending = far.ReadAsync(new byte[1], Token).AsTask();
        near.AbortWrite(code);
        await Failing.WithAsync(PeerErrorKind.StreamAborted, code, pending);
        await Failing.WithAsync(PeerErrorKind.StreamAborted, code, () => far.ReadAsync(new byte[1], Token).AsTask());
        await Failing.WithAsync(PeerErrorKind.StreamAborted, code, far.ReadsClosed);
    }

    [Theory]
    [MemberData(nameof(AbortCases.Codes), MemberType = typeof(AbortCases))]
    public async Task Writer_learns_the_code_with_which_reading_was_aborted(bool bidirectional, Side opener, long code)
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenAsync(bidirectional, opener);
        far.AbortRead(code);
        await Failing.WithAsync(PeerErrorKind.StreamAborted, code, near.WritesClosed);
        await Failing.WithAsync(PeerErrorKind.StreamAborted, code, () => near.WriteAsync(new byte[1], Token).AsTask());
    }

    [Fact]
    public async Task Pending_write_fails_when_the_peer_aborts_its_reading()
    {
        ConnectedPair pair = await ConnectAsync(new PeerOptions { StreamWindow = 16 * 1024 });
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        Task pending = near.WriteAsync(MoreThanFits(), Token).AsTask();
        far.AbortRead(17);
        await Failing.WithAsync(PeerErrorKind.StreamAborted, 17, pending);
    }

    [Fact]
    public async Task Pending_read_fails_when_this_side_aborts_it()
    {
        ConnectedPair pair = await ConnectAsync();
        (_, PeerStream far) = await pair.OpenUnidirectionalAsync();
        Task<int> pending = far.ReadAsync(new byte[1], Token).AsTask();
        far.AbortRead(17);
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, 17, pending);
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, 17, () => far.ReadAsync(new byte[1], Token).AsTask());
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, 17, far.ReadsClosed);
    }

    [Fact]
    public async Task Pending_write_fails_when_this_side_aborts_it()
    {
        ConnectedPair pair = await ConnectAsync(new PeerOptions { StreamWindow = 16 * 1024 });
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        Task pending = near.WriteAsync(MoreThanFits(), Token).AsTask();
        near.AbortWrite(17);
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, 17, pending);
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, 17, () => near.WriteAsync(new byte[1], Token).AsTask());
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, 17, near.WritesClosed);
        PeerException seen = await far.ReadToFailureAsync();
        Assert.Equal((PeerErrorKind.StreamAborted, 17L), (seen.Kind, seen.ErrorCode));
    }

    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Aborted_writing_leaves_the_other_direction_alone(Side aborting)
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        (PeerStream one, PeerStream other) = aborting == Side.Dialler ? (near, far) : (far, near);
        one.AbortWrite(5);
        await Failing.WithAsync(PeerErrorKind.StreamAborted, 5, () => other.ReadAsync(new byte[1], Token).AsTask());
        await other.WriteAsync("still here"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("still here"u8.ToArray(), await one.ReadToEndAsync());
    }

    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Aborted_reading_leaves_the_other_direction_alone(Side aborting)
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        (PeerStream one, PeerStream other) = aborting == Side.Dialler ? (near, far) : (far, near);
        one.AbortRead(5);
        await Failing.WithAsync(PeerErrorKind.StreamAborted, 5, other.WritesClosed);
        await one.WriteAsync("still here"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("still here"u8.ToArray(), await other.ReadToEndAsync());
    }

    [Fact]
    public async Task Both_directions_can_be_aborted_with_codes_of_their_own()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        near.AbortRead(11);
        near.AbortWrite(12);
        await Failing.WithAsync(PeerErrorKind.StreamAborted, 11, far.WritesClosed);
        await Failing.WithAsync(PeerErrorKind.StreamAborted, 12, () => far.ReadAsync(new byte[1], Token).AsTask());
    }

    [Fact]
    public async Task Abort_costs_no_other_stream_anything()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        (PeerStream otherNear, PeerStream otherFar) = await pair.OpenBidirectionalAsync();
        near.AbortWrite(1);
        near.AbortRead(1);
        await far.ReadToFailureAsync();
        await otherNear.WriteAsync("on"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("on"u8.ToArray(), await otherFar.ReadToEndAsync());
        await pair.RoundTripAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_aborted_before_anything_was_written_is_seen_as_aborted(bool bidirectional)
    {
        ConnectedPair pair = await ConnectAsync();
        PeerStream near = await pair.Dialler.OpenAsync(bidirectional, Token).Bounded();
        near.AbortWrite(9);
        PeerStream far = await pair.Acceptor.AcceptAsync(bidirectional, Token).Bounded();
        Assert.Equal(near.Id, far.Id);
        await Failing.WithAsync(PeerErrorKind.StreamAborted, 9, () => far.ReadAsync(new byte[1], Token).AsTask());
    }

    [Fact]
    public async Task First_abort_of_a_direction_counts()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        near.AbortWrite(1);
        near.AbortWrite(2);
        near.AbortRead(3);
        near.AbortRead(4);
        await Failing.WithAsync(PeerErrorKind.StreamAborted, 1, () => far.ReadAsync(new byte[1], Token).AsTask());
        await Failing.WithAsync(PeerErrorKind.StreamAborted, 3, far.WritesClosed);
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, 1, near.WritesClosed);
        await Failing.WithAsync(PeerErrorKind.StreamAbortedLocally, 3, near.ReadsClosed);
    }

    [Fact]
    public async Task Aborting_reading_after_its_end_does_nothing()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        near.CompleteWrites();
        await far.ReadToEndAsync();
        await near.WritesClosed.Bounded();
        far.AbortRead(3);
        await far.WriteAsync("fine"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("fine"u8.ToArray(), await near.ReadToEndAsync());
        Assert.True(near.WritesClosed.IsCompletedSuccessfully);
        Assert.True(far.ReadsClosed.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Aborting_writing_after_its_end_does_nothing()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        await near.WriteAsync("whole"u8.ToArray(), completeWrites: true, Token).Bounded();
        await near.WritesClosed.Bounded();
        near.AbortWrite(3);
        Assert.Equal("whole"u8.ToArray(), await far.ReadToEndAsync());
        Assert.True(near.WritesClosed.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Aborting_a_direction_that_the_stream_does_not_have_does_nothing()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        near.AbortRead(1);
        far.AbortWrite(1);
        await near.WriteAsync("on"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("on"u8.ToArray(), await far.ReadToEndAsync());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(PeerConnection.MaxErrorCode + 1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public async Task Codes_out_of_range_are_refused_and_abort_nothing(long code)
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        Assert.Throws<ArgumentOutOfRangeException>(() => near.AbortRead(code));
        Assert.Throws<ArgumentOutOfRangeException>(() => near.AbortWrite(code));
        await near.WriteAsync("a"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("a"u8.ToArray(), await far.ReadToEndAsync());
        await far.WriteAsync("b"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("b"u8.ToArray(), await near.ReadToEndAsync());
    }

    [Fact]
    public async Task What_was_dropped_with_an_aborted_stream_does_not_fill_the_connections_window()
    {
        // With few streams each has a quarter of the connection's window from the start, so that ten of them would fill it.
        const int Window = 64 * 1024;
        ConnectedPair pair = await ConnectAsync(
            new PeerOptions { StreamWindow = Window, ConnectionWindow = Window, BidirectionalStreams = 1, UnidirectionalStreams = 1 });
        for (int i = 0; i < 10; i++)
        {
            (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
            await near.WriteAsync(new byte[Window / 4], Token).Bounded();
            if (i % 2 == 0)
            {
                far.AbortRead(1);
                await Failing.WithAsync(PeerErrorKind.StreamAborted, 1, near.WritesClosed);
            }
            else
            {
                near.AbortWrite(1);
                await far.ReadToFailureAsync();
            }
        }

        await pair.RoundTripAsync();
    }

    private byte[] MoreThanFits() => new byte[(16 * 1024) + Subject.WriteAheadSlack + (1024 * 1024)];
}
