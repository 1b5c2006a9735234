using IrohRpc.Transports;
using IrohRpc.Transports.Internal;
using IrohRpc.Transports.QMux;

namespace IrohRpc.Tests.QMux;

/// <summary>What a connection does for what is asked of it: how often it writes, what it holds, and who may hold up whom.</summary>
public sealed class QMuxWorkTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_exchange_costs_one_write_on_each_side()
    {
        await using CountedPair pair = CountedPair.Create();
        (PeerStream near, PeerStream far) = await pair.OpenStreamAsync(Token);

        // The first kilobytes are answered with a ping that measures the path.
        await ExchangeAsync(near, far, 200);
        (int nearBefore, int farBefore) = (pair.DiallerBytes.Writes, pair.AcceptorBytes.Writes);
        await ExchangeAsync(near, far, 500);

        Assert.Equal(500, pair.DiallerBytes.Writes - nearBefore);
        Assert.Equal(500, pair.AcceptorBytes.Writes - farBefore);
    }

    private static async Task ExchangeAsync(PeerStream near, PeerStream far, int times)
    {
        byte[] bytes = new byte[64];
        for (int i = 0; i < times; i++)
        {
            await near.WriteAsync(bytes, Token);
            await far.ReadExactlyAsync(bytes, Token);
            await far.WriteAsync(bytes, Token);
            await near.ReadExactlyAsync(bytes, Token);
        }
    }

    [Fact]
    public async Task A_connection_that_waits_holds_no_memory_for_receiving()
    {
        await using CountedPair pair = CountedPair.Create();
        (PeerStream near, PeerStream far) = await pair.OpenStreamAsync(Token);
        byte[] bytes = new byte[1000];
        for (int i = 0; i < 100; i++)
        {
            await near.WriteAsync(bytes, Token);
            await far.ReadExactlyAsync(bytes, Token);
            await far.WriteAsync(bytes, Token);
            await near.ReadExactlyAsync(bytes, Token);
        }

        Assert.Equal(0, pair.DiallerBytes.ReadsThatHeldMemory);
        Assert.Equal(0, pair.AcceptorBytes.ReadsThatHeldMemory);
    }

    [Fact]
    public async Task A_reader_that_blocks_its_thread_holds_up_no_other_stream()
    {
        await using CountedPair pair = CountedPair.Create();
        (PeerStream near, PeerStream far) = await pair.OpenStreamAsync(Token);
        (PeerStream otherNear, PeerStream otherFar) = await pair.OpenStreamAsync(Token);
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var release = new ManualResetEventSlim();
        Task blocking = Task.Run(
            async () =>
            {
                await far.ReadExactlyAsync(new byte[1], Token);
                blocked.SetResult();
                release.Wait(Token);
            },
            Token);
        byte[] bytes = new byte[100];
        Task<int> reading = otherFar.ReadAsync(bytes, Token).AsTask();
        await near.WriteAsync(new byte[1], Token);
        await blocked.Task.WaitAsync(Bound, Token);

        // Both directions of another stream go on meanwhile, and so do new streams.
        await otherNear.WriteAsync(new byte[10], Token);
        Assert.Equal(10, await reading.WaitAsync(Bound, Token));
        await otherFar.WriteAsync(new byte[10], Token);
        Assert.Equal(10, await otherNear.ReadAsync(bytes, Token).AsTask().WaitAsync(Bound, Token));
        await pair.OpenStreamAsync(Token).WaitAsync(Bound, Token);
        Assert.False(blocking.IsCompleted);
        release.Set();
        await blocking;
    }

    [Fact]
    public async Task Many_streams_both_ways_over_a_stream_that_makes_writers_wait_lose_and_mix_nothing()
    {
        await using CountedPair pair = CountedPair.Create();
        var transfers = new List<Task>();
        for (int i = 0; i < 24; i++)
        {
            (PeerStream near, PeerStream far) = await pair.OpenStreamAsync(Token);
            int seed = i;
            transfers.Add(Task.Run(() => SendAsync(near, seed), Token));
            transfers.Add(Task.Run(() => ReceiveAsync(far, seed), Token));
            transfers.Add(Task.Run(() => SendAsync(far, seed + 100), Token));
            transfers.Add(Task.Run(() => ReceiveAsync(near, seed + 100), Token));
        }

        await Task.WhenAll(transfers).WaitAsync(Bound, Token);
    }

    private const int TransferLength = 600_000;

    private static byte[] Content(int seed)
    {
        byte[] content = new byte[TransferLength];
        new Random(seed).NextBytes(content);
        return content;
    }

    private static async Task SendAsync(PeerStream stream, int seed)
    {
        var random = new Random(seed);
        ReadOnlyMemory<byte> rest = Content(seed);
        while (!rest.IsEmpty)
        {
            int length = Math.Min(rest.Length, random.Next(4) == 0 ? random.Next(1, 150_000) : random.Next(1, 2000));
            await stream.WriteAsync(rest[..length], completeWrites: length == rest.Length, Token);
            rest = rest[length..];
        }
    }

    private static async Task ReceiveAsync(PeerStream stream, int seed)
    {
        var random = new Random(-seed);
        byte[] content = Content(seed);
        byte[] received = new byte[content.Length + 1];
        int total = 0;
        int count;
        do
        {
            count = await stream.ReadAsync(received.AsMemory(total, Math.Min(received.Length - total, random.Next(1, 100_000))), Token);
            total += count;
        }
        while (count > 0);

        Assert.Equal(content.Length, total);
        Assert.True(content.AsSpan().SequenceEqual(received.AsSpan(0, total)));
    }

    private sealed class CountedPair : IAsyncDisposable
    {
        public required QMuxConnection Dialler { get; init; }

        public required QMuxConnection Acceptor { get; init; }

        public required CountingStream DiallerBytes { get; init; }

        public required CountingStream AcceptorBytes { get; init; }

        public static CountedPair Create()
        {
            (DuplexStream one, DuplexStream other) = DuplexStream.CreatePair();
            var near = new CountingStream(one);
            var far = new CountingStream(other);
            return new CountedPair
            {
                DiallerBytes = near,
                AcceptorBytes = far,
                Dialler = QMuxPair.Start(near, true, QMuxPair.Settings(), near.ShutdownSendAsync),
                Acceptor = QMuxPair.Start(far, false, QMuxPair.Settings(), far.ShutdownSendAsync),
            };
        }

        /// <summary>A stream that both sides have and whose first byte is read.</summary>
        public async Task<(PeerStream Near, PeerStream Far)> OpenStreamAsync(CancellationToken cancellationToken)
        {
            PeerStream near = await Dialler.OpenBidirectionalStreamAsync(cancellationToken);
            await near.WriteAsync(new byte[1], cancellationToken);
            PeerStream far = await Acceptor.AcceptBidirectionalStreamAsync(cancellationToken);
            await far.ReadExactlyAsync(new byte[1], cancellationToken);
            return (near, far);
        }

        public async ValueTask DisposeAsync()
        {
            await Dialler.DisposeAsync();
            await Acceptor.DisposeAsync();
        }
    }
}
