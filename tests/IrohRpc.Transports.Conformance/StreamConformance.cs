namespace IrohRpc.Transports.Conformance;

/// <summary>Streams that go well: opening, order, half-close, contents, and misuse by their owner.</summary>
public abstract class StreamConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Bidirectional_stream_carries_bytes_both_ways(Side opener)
    {
        ConnectedPair pair = await ConnectAsync();
        PeerStream near = await pair[opener].OpenBidirectionalStreamAsync(Token).Bounded();
        await near.WriteAsync("question"u8.ToArray(), completeWrites: true, Token).Bounded();
        PeerStream far = await pair.Opposite(opener).AcceptBidirectionalStreamAsync(Token).Bounded();
        Assert.Equal("question"u8.ToArray(), await far.ReadToEndAsync());
        await far.WriteAsync("answer"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("answer"u8.ToArray(), await near.ReadToEndAsync());
    }

    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Unidirectional_stream_carries_bytes_one_way(Side opener)
    {
        ConnectedPair pair = await ConnectAsync();
        PeerStream near = await pair[opener].OpenUnidirectionalStreamAsync(Token).Bounded();
        await near.WriteAsync("word"u8.ToArray(), completeWrites: true, Token).Bounded();
        PeerStream far = await pair.Opposite(opener).AcceptUnidirectionalStreamAsync(Token).Bounded();
        Assert.Equal("word"u8.ToArray(), await far.ReadToEndAsync());
    }

    [Theory]
    [InlineData(true, Side.Dialler, 0)]
    [InlineData(true, Side.Acceptor, 1)]
    [InlineData(false, Side.Dialler, 2)]
    [InlineData(false, Side.Acceptor, 3)]
    public async Task Id_says_who_opened_the_stream_and_of_which_sort(bool bidirectional, Side opener, int lowBits)
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream first, PeerStream firstFar) = await pair.OpenAsync(bidirectional, opener);
        (PeerStream second, PeerStream secondFar) = await pair.OpenAsync(bidirectional, opener);
        Assert.Equal(lowBits, first.Id & 3);
        Assert.Equal(first.Id + 4, second.Id);
        Assert.Equal(first.Id, firstFar.Id);
        Assert.Equal(second.Id, secondFar.Id);
        Assert.Equal(bidirectional, first.IsBidirectional);
        Assert.Equal(bidirectional, firstFar.IsBidirectional);
    }

    [Fact]
    public async Task Stream_says_which_directions_it_has()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream both, PeerStream bothFar) = await pair.OpenBidirectionalAsync();
        Assert.True(both is { CanRead: true, CanWrite: true, CanSeek: false });
        Assert.True(bothFar is { CanRead: true, CanWrite: true, CanSeek: false });
        (PeerStream writing, PeerStream reading) = await pair.OpenUnidirectionalAsync();
        Assert.True(writing is { CanRead: false, CanWrite: true, CanSeek: false });
        Assert.True(reading is { CanRead: true, CanWrite: false, CanSeek: false });
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_is_not_seen_before_something_is_written(bool bidirectional)
    {
        ConnectedPair pair = await ConnectAsync();
        PeerStream near = await pair.Dialler.OpenAsync(bidirectional, Token).Bounded();
        Task<PeerStream> accepting = pair.Acceptor.AcceptAsync(bidirectional, Token);

        // Streams of the other sort and of the other side show that everything before has arrived.
        (PeerStream other, _) = await pair.OpenAsync(!bidirectional, Side.Dialler);
        await other.WriteAsync(new byte[1], Token).Bounded();
        (PeerStream back, _) = await pair.OpenBidirectionalAsync(Side.Acceptor);
        await back.WriteAsync(new byte[1], Token).Bounded();
        Assert.False(accepting.IsCompleted);

        await near.WriteAsync(new byte[1], Token).Bounded();
        Assert.Equal(near.Id, (await accepting.Bounded()).Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Streams_are_accepted_in_the_order_in_which_they_were_opened(bool bidirectional)
    {
        const int Count = 50;
        ConnectedPair pair = await ConnectAsync();
        var opened = new List<PeerStream>();
        for (int i = 0; i < Count; i++)
        {
            opened.Add(await pair.Dialler.OpenAsync(bidirectional, Token).Bounded());
        }

        foreach (PeerStream stream in Enumerable.Reverse(opened))
        {
            await stream.WriteAsync(BitConverter.GetBytes(stream.Id), completeWrites: true, Token).Bounded();
        }

        foreach (PeerStream stream in opened)
        {
            PeerStream far = await pair.Acceptor.AcceptAsync(bidirectional, Token).Bounded();
            Assert.Equal(stream.Id, far.Id);
            Assert.Equal(stream.Id, BitConverter.ToInt64(await far.ReadToEndAsync()));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stream_whose_writes_are_completed_with_nothing_written_is_seen_and_empty(bool bidirectional)
    {
        ConnectedPair pair = await ConnectAsync();
        PeerStream near = await pair.Dialler.OpenAsync(bidirectional, Token).Bounded();
        near.CompleteWrites();
        PeerStream far = await pair.Acceptor.AcceptAsync(bidirectional, Token).Bounded();
        Assert.Empty(await far.ReadToEndAsync());
    }

    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Opener_can_read_on_after_it_completed_its_writes(Side opener)
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync(opener);
        near.CompleteWrites();
        Assert.Empty(await far.ReadToEndAsync());
        for (byte i = 1; i < 10; i++)
        {
            await far.WriteAsync(new[] { i }, Token).Bounded();
            byte[] one = new byte[1];
            Assert.Equal(1, await near.ReadAsync(one, Token).Bounded());
            Assert.Equal(i, one[0]);
        }
    }

    [Theory]
    [InlineData(Side.Dialler)]
    [InlineData(Side.Acceptor)]
    public async Task Opener_can_write_on_after_the_other_side_completed_its_writes(Side opener)
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync(opener);
        far.CompleteWrites();
        Assert.Empty(await near.ReadToEndAsync());
        for (byte i = 1; i < 10; i++)
        {
            await near.WriteAsync(new[] { i }, Token).Bounded();
            byte[] one = new byte[1];
            Assert.Equal(1, await far.ReadAsync(one, Token).Bounded());
            Assert.Equal(i, one[0]);
        }
    }

    [Fact]
    public async Task Last_write_can_bring_the_end_with_it()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        await near.WriteAsync("a"u8.ToArray(), Token).Bounded();
        await near.WriteAsync("b"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("ab"u8.ToArray(), await far.ReadToEndAsync());
    }

    [Fact]
    public async Task Empty_last_write_is_the_end()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        await near.WriteAsync(ReadOnlyMemory<byte>.Empty, completeWrites: true, Token).Bounded();
        Assert.Empty(await far.ReadToEndAsync());
    }

    [Fact]
    public async Task Completing_twice_is_harmless()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        near.CompleteWrites();
        near.CompleteWrites();
        Assert.Empty(await far.ReadToEndAsync());
    }

    [Fact]
    public async Task Completing_what_only_the_peer_writes_does_nothing()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        far.CompleteWrites();
        await near.WriteAsync("on"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("on"u8.ToArray(), await far.ReadToEndAsync());
    }

    [Fact]
    public async Task Reading_past_the_end_says_the_end_again()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        near.CompleteWrites();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(0, await far.ReadAsync(new byte[8], Token).Bounded());
        }
    }

    [Fact]
    public async Task Read_hands_out_what_has_arrived_without_waiting_for_more()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        await near.WriteAsync("abc"u8.ToArray(), Token).Bounded();
        byte[] large = new byte[1000];
        int count = await far.ReadAsync(large, Token).Bounded();
        Assert.InRange(count, 1, 3);
        Assert.Equal("abc"u8[..count], large.AsSpan(0, count));
    }

    [Fact]
    public async Task Reads_smaller_than_the_writes_lose_nothing()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        byte[] sent = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
        await near.WriteAsync(sent, completeWrites: true, Token).Bounded();
        var received = new List<byte>();
        byte[] small = new byte[7];
        int count;
        while ((count = await far.ReadAsync(small, Token).Bounded()) > 0)
        {
            received.AddRange(small.AsSpan(0, count));
        }

        Assert.Equal(sent, received);
    }

    [Fact]
    public async Task Empty_read_completes_once_there_is_something_and_takes_nothing()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        Task<int> empty = far.ReadAsync(Memory<byte>.Empty, Token).AsTask();
        await pair.RoundTripAsync();
        Assert.False(empty.IsCompleted);
        await near.WriteAsync("x"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal(0, await empty.Bounded());
        Assert.Equal("x"u8.ToArray(), await far.ReadToEndAsync());
    }

    [Fact]
    public async Task Empty_read_completes_at_the_end()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        Task<int> empty = far.ReadAsync(Memory<byte>.Empty, Token).AsTask();
        near.CompleteWrites();
        Assert.Equal(0, await empty.Bounded());
        Assert.Equal(0, await far.ReadAsync(new byte[1], Token).Bounded());
    }

    [Fact]
    public async Task Empty_write_is_nothing()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        await near.WriteAsync(ReadOnlyMemory<byte>.Empty, Token).Bounded();
        await near.WriteAsync("x"u8.ToArray(), Token).Bounded();
        await near.WriteAsync(ReadOnlyMemory<byte>.Empty, Token).Bounded();
        near.CompleteWrites();
        Assert.Equal("x"u8.ToArray(), await far.ReadToEndAsync());
    }

    [Fact]
    public async Task Written_buffer_may_be_reused_at_once()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        byte[] buffer = new byte[1000];
        for (byte i = 0; i < 100; i++)
        {
            buffer.AsSpan().Fill(i);
            await near.WriteAsync(buffer, Token).Bounded();
        }

        buffer.AsSpan().Fill(255);
        near.CompleteWrites();
        byte[] received = await far.ReadToEndAsync();
        Assert.Equal(100_000, received.Length);
        for (int i = 0; i < received.Length; i++)
        {
            Assert.Equal(i / 1000, received[i]);
        }
    }

    [Fact]
    public async Task Directions_say_when_they_have_ended()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        Assert.False(near.ReadsClosed.IsCompleted || near.WritesClosed.IsCompleted);
        Assert.False(far.ReadsClosed.IsCompleted || far.WritesClosed.IsCompleted);
        near.CompleteWrites();
        await near.WritesClosed.Bounded();
        await far.ReadToEndAsync();
        await far.ReadsClosed.Bounded();
        Assert.False(near.ReadsClosed.IsCompleted || far.WritesClosed.IsCompleted);
        far.CompleteWrites();
        await far.WritesClosed.Bounded();
        await near.ReadToEndAsync();
        await near.ReadsClosed.Bounded();
    }

    [Fact]
    public async Task Reading_has_not_ended_before_the_end_was_read()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        await near.WriteAsync("xy"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal(1, await far.ReadAsync(new byte[1], Token).Bounded());
        await pair.RoundTripAsync();
        Assert.False(far.ReadsClosed.IsCompleted);
        Assert.Single(await far.ReadToEndAsync());
        await far.ReadsClosed.Bounded();
    }

    [Fact]
    public async Task Direction_that_the_stream_does_not_have_has_ended_from_the_start()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        Assert.True(near.ReadsClosed.IsCompletedSuccessfully);
        Assert.True(far.WritesClosed.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Reading_and_writing_go_on_at_once()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        Task<byte[]> nearReads = near.ReadToEndAsync();
        Task<byte[]> farReads = far.ReadToEndAsync();
        await near.WriteAsync("there"u8.ToArray(), completeWrites: true, Token).Bounded();
        await far.WriteAsync("back"u8.ToArray(), completeWrites: true, Token).Bounded();
        Assert.Equal("there"u8.ToArray(), await farReads);
        Assert.Equal("back"u8.ToArray(), await nearReads);
    }

    [Fact]
    public async Task Streams_do_not_mix()
    {
        const int Count = 20;
        ConnectedPair pair = await ConnectAsync();
        Task[] echoes = [.. Enumerable.Range(0, Count).Select(_ => Task.Run(
            async () =>
            {
                PeerStream far = await pair.Acceptor.AcceptBidirectionalStreamAsync(Token);
                await far.CopyToAsync(far, Token);
                far.CompleteWrites();
            },
            Token))];
        Task[] calls = [.. Enumerable.Range(0, Count).Select(async i =>
        {
            PeerStream near = await pair.Dialler.OpenBidirectionalStreamAsync(Token);
            byte[] sent = new byte[10_000];
            Array.Fill(sent, (byte)i);
            await near.WriteAsync(sent, completeWrites: true, Token);
            Assert.Equal(sent, await near.ReadToEndAsync());
        })];
        await Task.WhenAll([.. calls, .. echoes]).Bounded();
    }

    [Fact]
    public async Task Array_overloads_of_Stream_work()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        byte[] bytes = [1, 2, 3, 4, 5];
        await near.WriteAsync(bytes, 1, 3, Token).Bounded();
        near.Flush();
        await near.FlushAsync(Token).Bounded();
        byte[] received = new byte[5];
        await far.ReadExactlyAsync(received, 1, 3, Token).Bounded();
        Assert.Equal([0, 2, 3, 4, 0], received);
    }

    [Fact]
    public async Task Synchronous_members_of_Stream_are_not_supported()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, _) = await pair.OpenBidirectionalAsync();
        Assert.Throws<NotSupportedException>(() => near.Read(new byte[1], 0, 1));
        Assert.Throws<NotSupportedException>(() => near.Write(new byte[1], 0, 1));
        Assert.Throws<NotSupportedException>(() => near.Seek(0, SeekOrigin.Begin));
        Assert.Throws<NotSupportedException>(() => near.SetLength(0));
        Assert.Throws<NotSupportedException>(() => near.Length);
        Assert.Throws<NotSupportedException>(() => near.Position);
    }

    [Fact]
    public async Task Second_read_at_once_is_misuse_and_does_not_hurt_the_first()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        byte[] buffer = new byte[1];
        Task<int> first = far.ReadAsync(buffer, Token).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => far.ReadAsync(new byte[1], Token).AsTask());
        await near.WriteAsync("x"u8.ToArray(), Token).Bounded();
        Assert.Equal(1, await first.Bounded());
        Assert.Equal((byte)'x', buffer[0]);
    }

    [Fact]
    public async Task Second_write_at_once_is_misuse_and_does_not_hurt_the_first()
    {
        ConnectedPair pair = await ConnectAsync(new PeerOptions { StreamWindow = 16 * 1024 });
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        int total = (16 * 1024) + Subject.WriteAheadSlack + (1024 * 1024);
        Task<string> first = near.WriteRandomWholeAsync(1, total);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await near.WriteAsync(new byte[1], Token));
        Assert.False(first.IsCompleted);
        (string hash, long length) = await far.ReadHashAsync().Bounded();
        Assert.Equal(total, length);
        Assert.Equal(await first.Bounded(), hash);
    }

    [Fact]
    public async Task Writing_after_completing_is_misuse()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        near.CompleteWrites();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await near.WriteAsync(new byte[1], Token));
        Assert.Empty(await far.ReadToEndAsync());
    }

    [Fact]
    public async Task Writing_after_the_last_write_is_misuse()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        await near.WriteAsync("end"u8.ToArray(), completeWrites: true, Token).Bounded();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await near.WriteAsync(new byte[1], Token));
        Assert.Equal("end"u8.ToArray(), await far.ReadToEndAsync());
    }

    [Fact]
    public async Task Reading_what_only_this_side_writes_is_misuse()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, _) = await pair.OpenUnidirectionalAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => near.ReadAsync(new byte[1], Token).AsTask());
    }

    [Fact]
    public async Task Writing_what_only_the_peer_writes_is_misuse()
    {
        ConnectedPair pair = await ConnectAsync();
        (_, PeerStream far) = await pair.OpenUnidirectionalAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await far.WriteAsync(new byte[1], Token));
    }
}
