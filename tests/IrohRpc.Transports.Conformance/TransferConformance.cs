namespace IrohRpc.Transports.Conformance;

/// <summary>Much of it: large transfers, small messages, many streams.</summary>
public abstract class TransferConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    private const int Megabyte = 1024 * 1024;

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Large_transfers_both_ways_at_once_arrive_unharmed()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        await CompareAsync((near, far, 32L * Megabyte), (far, near, 32L * Megabyte));
    }

    [Fact]
    public async Task Large_transfers_on_several_streams_both_ways_arrive_unharmed()
    {
        ConnectedPair pair = await ConnectAsync();
        var transfers = new List<(PeerStream From, PeerStream To, long Length)>();
        for (int i = 0; i < 4; i++)
        {
            (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync((Side)(i % 2));
            transfers.Add((near, far, 4L * Megabyte));
            transfers.Add((far, near, 4L * Megabyte));
            (PeerStream writing, PeerStream reading) = await pair.OpenUnidirectionalAsync((Side)(i % 2));
            transfers.Add((writing, reading, 2L * Megabyte));
        }

        await CompareAsync([.. transfers]);
    }

    [Fact]
    public async Task Transfers_through_the_smallest_windows_arrive_unharmed()
    {
        ConnectedPair pair = await ConnectAsync(new PeerOptions { StreamWindow = 16 * 1024, ConnectionWindow = 64 * 1024 });
        var transfers = new List<(PeerStream From, PeerStream To, long Length)>();
        for (int i = 0; i < 8; i++)
        {
            (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
            transfers.Add((near, far, Megabyte));
            transfers.Add((far, near, Megabyte));
        }

        await CompareAsync([.. transfers]);
    }

    [Fact]
    public async Task Windows_of_the_two_sides_may_differ()
    {
        ConnectedPair pair = await ConnectAsync(
            new PeerOptions { StreamWindow = 16 * 1024 }, new PeerOptions { StreamWindow = 4 * Megabyte });
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        await CompareAsync((near, far, 4L * Megabyte), (far, near, 4L * Megabyte));
    }

    [Fact]
    public async Task Many_small_messages_arrive_in_order()
    {
        const int Count = 10_000;
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
        Task writing = Task.Run(
            async () =>
            {
                byte[] message = new byte[16];
                for (int i = 0; i < Count; i++)
                {
                    BitConverter.TryWriteBytes(message, i);
                    await near.WriteAsync(message, completeWrites: i == Count - 1, Token);
                }
            },
            Token);
        byte[] received = await far.ReadToEndAsync();
        await writing.Bounded();
        Assert.Equal(Count * 16, received.Length);
        for (int i = 0; i < Count; i++)
        {
            Assert.Equal(i, BitConverter.ToInt32(received, i * 16));
        }
    }

    [Fact]
    public async Task Messages_go_back_and_forth_on_one_stream()
    {
        ConnectedPair pair = await ConnectAsync();
        await pair.RoundTripAsync(1000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Thousand_streams_are_open_at_once(bool bidirectional)
    {
        const int Count = 1000;
        ConnectedPair pair = await ConnectAsync();
        var near = new List<PeerStream>();
        var far = new List<PeerStream>();
        for (int i = 0; i < Count; i++)
        {
            PeerStream stream = await pair.Dialler.OpenAsync(bidirectional, Token).Bounded();
            await stream.WriteAsync(BitConverter.GetBytes(i), Token).Bounded();
            near.Add(stream);
        }

        for (int i = 0; i < Count; i++)
        {
            far.Add(await pair.Acceptor.AcceptAsync(bidirectional, Token).Bounded());
        }

        for (int i = 0; i < Count; i++)
        {
            byte[] number = new byte[4];
            await far[i].ReadExactlyAsync(number, Token).Bounded();
            Assert.Equal(i, BitConverter.ToInt32(number));
            if (bidirectional)
            {
                await far[i].WriteAsync(number, completeWrites: true, Token).Bounded();
            }
        }

        for (int i = 0; i < Count; i++)
        {
            near[i].CompleteWrites();
            if (bidirectional)
            {
                Assert.Equal(i, BitConverter.ToInt32(await near[i].ReadToEndAsync()));
            }

            Assert.Empty(await far[i].ReadToEndAsync());
        }
    }

    [Fact]
    public async Task Thousand_streams_at_once_are_all_served()
    {
        const int Count = 1000;
        ConnectedPair pair = await ConnectAsync();
        Task serving = Task.WhenAll(Enumerable.Range(0, Count).Select(async _ =>
        {
            PeerStream far = await pair.Acceptor.AcceptBidirectionalStreamAsync(Token);
            await using (far)
            {
                await far.CopyToAsync(far, Token);
                far.CompleteWrites();
            }
        }));
        await Task.WhenAll(Enumerable.Range(0, Count).Select(async i =>
        {
            PeerStream near = await pair.Dialler.OpenBidirectionalStreamAsync(Token);
            await using (near)
            {
                byte[] sent = new byte[2000];
                Array.Fill(sent, (byte)i);
                await near.WriteAsync(sent, completeWrites: true, Token);
                Assert.Equal(sent, await near.ReadToEndAsync());
            }
        })).WaitAsync(Long, Token);
        await serving.WaitAsync(Long, Token);
    }

    private static async Task CompareAsync(params (PeerStream From, PeerStream To, long Length)[] transfers)
    {
        await Task.WhenAll(transfers.Select((transfer, seed) => Task.Run(
            async () =>
            {
                Task<string> writing = transfer.From.WriteRandomAsync(seed, transfer.Length);
                (string hash, long length) = await transfer.To.ReadHashAsync();
                Assert.Equal(transfer.Length, length);
                Assert.Equal(await writing, hash);
            },
            Token))).WaitAsync(Long, Token);
    }
}
