using System.Text;

namespace IrohRpc.Transports.Conformance;

/// <summary>How a connection is closed, and what everybody hears of it.</summary>
public abstract class ClosingConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    [Theory]
    [InlineData(Side.Dialler, 0, "")]
    [InlineData(Side.Acceptor, 0, "")]
    [InlineData(Side.Dialler, 1, "done")]
    [InlineData(Side.Acceptor, 1, "done")]
    [InlineData(Side.Dialler, PeerConnection.MaxErrorCode, "")]
    [InlineData(Side.Acceptor, PeerConnection.MaxErrorCode, "")]
    [InlineData(Side.Dialler, 300, "tschüß, さようなら 👋")]
    [InlineData(Side.Acceptor, 300, "tschüß, さようなら 👋")]
    public async Task Code_and_reason_reach_the_other_side(Side closer, long code, string reason)
    {
        ConnectedPair pair = await ConnectAsync();
        await pair[closer].CloseAsync(code, reason, Token).Bounded();
        ConnectionEnd seen = await pair.Opposite(closer).Closed.Bounded();
        Assert.Equal((PeerErrorKind.ClosedByPeer, code, reason), (seen.Kind, seen.ErrorCode, seen.Reason));
    }

    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Closer_knows_that_it_closed(Side closer)
    {
        ConnectedPair pair = await ConnectAsync();
        await pair[closer].CloseAsync(7, "enough", Token).Bounded();
        ConnectionEnd seen = await pair[closer].Closed.Bounded();
        Assert.Equal((PeerErrorKind.ClosedLocally, 7L, "enough"), (seen.Kind, seen.ErrorCode, seen.Reason));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ü")]
    [InlineData("語")]
    [InlineData("👋")]
    public async Task Long_reason_is_cut_between_characters(string character)
    {
        ConnectedPair pair = await ConnectAsync();
        string reason = "-" + string.Concat(Enumerable.Repeat(character, 2000));
        await pair.Dialler.CloseAsync(1, reason, Token).Bounded();
        ConnectionEnd seen = await pair.Acceptor.Closed.Bounded();
        Assert.Equal((PeerErrorKind.ClosedByPeer, 1L), (seen.Kind, seen.ErrorCode));
        Assert.StartsWith(seen.Reason, reason, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(seen.Reason), 1024 - Encoding.UTF8.GetByteCount(character), 1024);
    }

    [Fact]
    public async Task Reason_of_the_greatest_length_arrives_whole()
    {
        ConnectedPair pair = await ConnectAsync();
        string reason = new('r', 1024);
        await pair.Dialler.CloseAsync(1, reason, Token).Bounded();
        Assert.Equal(reason, (await pair.Acceptor.Closed.Bounded()).Reason);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(PeerConnection.MaxErrorCode + 1)]
    [InlineData(long.MaxValue)]
    public async Task Codes_out_of_range_are_refused_and_close_nothing(long code)
    {
        ConnectedPair pair = await ConnectAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => pair.Dialler.CloseAsync(code, "", Token).AsTask());
        await pair.RoundTripAsync();
    }

    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Pending_operations_of_every_sort_fail_on_both_sides(Side closer)
    {
        // No streams but those that the case needs, so that opens wait.
        var options = new PeerOptions { BidirectionalStreams = 1, UnidirectionalStreams = 0, StreamWindow = 16 * 1024 };
        ConnectedPair pair = await ConnectAsync(options);
        List<(string Name, Task Operation)> near = await StartEverythingAsync(pair, closer);
        List<(string Name, Task Operation)> far = await StartEverythingAsync(pair, closer == Side.Dialler ? Side.Acceptor : Side.Dialler);
        foreach ((string name, Task operation) in near.Concat(far))
        {
            Assert.False(operation.IsCompleted, $"{name} did not wait.");
        }

        await pair[closer].CloseAsync(42, "that was it", Token).Bounded();
        foreach ((string name, Task operation) in near)
        {
            await AssertFailsAsync(name, operation, PeerErrorKind.ClosedLocally, null);
        }

        foreach ((string name, Task operation) in far)
        {
            await AssertFailsAsync(name, operation, PeerErrorKind.ClosedByPeer, "that was it");
        }
    }

    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Later_operations_of_every_sort_fail_on_both_sides(Side closer)
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync(closer);
        await pair[closer].CloseAsync(42, "that was it", Token).Bounded();
        await pair.Dialler.Closed.Bounded();
        await pair.Acceptor.Closed.Bounded();
        foreach ((string name, Task operation) in Everything(pair[closer], near))
        {
            await AssertFailsAsync(name, operation, PeerErrorKind.ClosedLocally, null);
        }

        foreach ((string name, Task operation) in Everything(pair.Opposite(closer), far))
        {
            await AssertFailsAsync(name, operation, PeerErrorKind.ClosedByPeer, "that was it");
        }
    }

    [Fact]
    public async Task First_close_counts()
    {
        ConnectedPair pair = await ConnectAsync();
        Task first = pair.Dialler.CloseAsync(1, "first", Token).AsTask();
        Task second = pair.Dialler.CloseAsync(2, "second", Token).AsTask();
        await Task.WhenAll(first, second).Bounded();
        Assert.Equal("first", (await pair.Dialler.Closed.Bounded()).Reason);
        Assert.Equal("first", (await pair.Acceptor.Closed.Bounded()).Reason);
    }

    [Fact]
    public async Task Closing_after_the_peer_did_changes_nothing()
    {
        ConnectedPair pair = await ConnectAsync();
        await pair.Dialler.CloseAsync(1, "first", Token).Bounded();
        await pair.Acceptor.Closed.Bounded();
        await pair.Acceptor.CloseAsync(2, "second", Token).Bounded();
        ConnectionEnd seen = await pair.Acceptor.Closed.Bounded();
        Assert.Equal((PeerErrorKind.ClosedByPeer, "first"), (seen.Kind, seen.Reason));
        Assert.Equal("first", (await pair.Dialler.Closed.Bounded()).Reason);
    }

    [Fact]
    public async Task Both_sides_may_close_at_once()
    {
        ConnectedPair pair = await ConnectAsync();
        await Task.WhenAll(
            Task.Run(() => pair.Dialler.CloseAsync(1, "dialler", Token).AsTask(), Token),
            Task.Run(() => pair.Acceptor.CloseAsync(2, "acceptor", Token).AsTask(), Token)).Bounded();
        foreach (PeerConnection connection in new[] { pair.Dialler, pair.Acceptor })
        {
            ConnectionEnd seen = await connection.Closed.Bounded();
            bool mine = seen.Reason == (connection.IsDialler ? "dialler" : "acceptor");
            Assert.Equal(mine ? PeerErrorKind.ClosedLocally : PeerErrorKind.ClosedByPeer, seen.Kind);
        }
    }

    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Disposing_closes_with_code_zero_and_no_reason(Side closer)
    {
        ConnectedPair pair = await ConnectAsync();
        await pair[closer].DisposeAsync().Bounded();
        ConnectionEnd seen = await pair.Opposite(closer).Closed.Bounded();
        Assert.Equal((PeerErrorKind.ClosedByPeer, 0L, ""), (seen.Kind, seen.ErrorCode, seen.Reason));
        Assert.Equal(PeerErrorKind.ClosedLocally, (await pair[closer].Closed.Bounded()).Kind);
    }

    [Fact]
    public async Task Disposing_after_closing_leaves_code_and_reason()
    {
        ConnectedPair pair = await ConnectAsync();
        await pair.Dialler.CloseAsync(5, "five", Token).Bounded();
        await pair.Dialler.DisposeAsync().Bounded();
        Assert.Equal("five", (await pair.Acceptor.Closed.Bounded()).Reason);
        Assert.Equal("five", (await pair.Dialler.Closed.Bounded()).Reason);
    }

    [Fact]
    public async Task Closing_costs_no_other_connection_anything()
    {
        ConformancePeer acceptor = NewPeer();
        ITransportListener listener = await ListenAsync(acceptor);
        ConnectedPair closing = await ConnectAsync(NewPeer(), acceptor, listener);
        ConnectedPair staying = await ConnectAsync(NewPeer(), acceptor, listener);
        await closing.Acceptor.CloseAsync(1, "", Token).Bounded();
        await closing.Dialler.Closed.Bounded();
        await staying.RoundTripAsync();
        Assert.False(staying.Dialler.Closed.IsCompleted);
    }

    [Fact]
    public async Task Close_that_nobody_hears_is_bounded()
    {
        (ConnectedPair pair, BreakablePath path) = await ConnectBreakablyAsync(null, null);
        path.Block();
        await pair.Dialler.CloseAsync(1, "into the void", Token).Bounded();
        Assert.Equal(PeerErrorKind.ClosedLocally, (await pair.Dialler.Closed.Bounded()).Kind);
    }

    [Fact]
    public async Task Goodbye_on_a_stream_arrives_before_the_close()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        await near.WriteAsync("the result"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("the result"u8.ToArray(), await far.ReadToEndAsync());
        far.CompleteWrites();
        Assert.Empty(await near.ReadToEndAsync());
        await pair.Dialler.CloseAsync(0, "", Token).Bounded();
        Assert.Equal(0L, (await pair.Acceptor.Closed.Bounded()).ErrorCode);
    }

    private static async Task AssertFailsAsync(string name, Task operation, PeerErrorKind kind, string? reason)
    {
        try
        {
            await operation.Bounded();
        }
        catch (PeerException exception)
        {
            Assert.True(
                (exception.Kind, exception.ErrorCode) == (kind, 42),
                $"{name}: expected {kind} with code 42, but got {exception.Kind} with code {exception.ErrorCode}: {exception.Message}");
            if (reason is not null)
            {
                Assert.Equal(reason, exception.Reason);
            }

            return;
        }

        Assert.Fail($"{name} succeeded on a closed connection.");
    }

    private static IEnumerable<(string Name, Task Operation)> Everything(PeerConnection connection, PeerStream stream) =>
    [
        ("opening a bidirectional stream", connection.OpenBidirectionalStreamAsync(Token).AsTask()),
        ("opening a unidirectional stream", connection.OpenUnidirectionalStreamAsync(Token).AsTask()),
        ("accepting a bidirectional stream", connection.AcceptBidirectionalStreamAsync(Token).AsTask()),
        ("accepting a unidirectional stream", connection.AcceptUnidirectionalStreamAsync(Token).AsTask()),
        ("reading", stream.ReadAsync(new byte[1], Token).AsTask()),
        ("writing", stream.WriteAsync(new byte[1], Token).AsTask()),
        ("the end of reading", stream.ReadsClosed),
        ("the end of writing", stream.WritesClosed),
    ];

    private async Task<List<(string Name, Task Operation)>> StartEverythingAsync(ConnectedPair pair, Side side)
    {
        (PeerStream near, _) = await pair.OpenBidirectionalAsync(side);
        byte[] tooMuch = new byte[(16 * 1024) + Subject.WriteAheadSlack + (1024 * 1024)];
        return
        [
            ("opening a bidirectional stream", pair[side].OpenBidirectionalStreamAsync(Token).AsTask()),
            ("opening a unidirectional stream", pair[side].OpenUnidirectionalStreamAsync(Token).AsTask()),
            ("accepting a unidirectional stream", pair[side].AcceptUnidirectionalStreamAsync(Token).AsTask()),
            ("reading", near.ReadAsync(new byte[1], Token).AsTask()),
            ("writing", near.WriteAsync(tooMuch, Token).AsTask()),
            ("the end of reading", near.ReadsClosed),
            ("the end of writing", near.WritesClosed),
        ];
    }
}
