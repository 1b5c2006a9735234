using System.Runtime.CompilerServices;

namespace IrohRpc.Transports.Conformance;

/// <summary>Which stream sends first: lanes before bulk, and streams of one priority evenly.</summary>
/// <remarks>
/// All windows hold more than a test sends, so that nothing but the order of sending decides what arrives first.
/// </remarks>
public abstract class PriorityConformance<TTransport> : TransportConformance<TTransport>
    where TTransport : TransportUnderTest, new()
{
    private const int Megabyte = 1024 * 1024;
    private const int Length = 8 * Megabyte;

    // Long enough that what a stream had received and not yet given to the reader at the mark weighs little.
    private const int Shared = 4 * Length;

    private static readonly PeerOptions Roomy = new()
    {
        StreamWindow = 64 * Megabyte,
        ConnectionWindow = 1024 * Megabyte,
        BidirectionalStreams = 8,
        UnidirectionalStreams = 8,
    };

    [Fact]
    public async Task Priority_can_be_set_and_read_on_every_transport()
    {
        ConnectedPair pair = await ConnectAsync();
        (PeerStream near, PeerStream far) = await pair.OpenBidirectionalAsync();
        near.Priority = 3;
        if (Subject.HasPriorities)
        {
            Assert.Equal(3, near.Priority);
        }

        Assert.Equal(0, far.Priority);
    }

    [Fact]
    public async Task Streams_of_one_priority_share_the_link_within_a_fifth()
    {
        Assert.SkipUnless(Subject.HasPriorities, "The transport knows no priorities.");
        ConnectedPair pair = await ConnectAsync(Roomy);
        Upload[] uploads = [.. await OpenAsync(pair, count: 4, priority: 0)];

        // One write each, so that none has nothing to send between two.
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Token);
        byte[] data = new byte[4 * Shared];
        Task writing = Task.WhenAll(uploads.Select(upload => Task.Run(() => upload.Near.WriteAsync(data, enough.Token).AsTask())));
        await ReadUntilAsync(uploads, () => uploads.All(static upload => upload.Read > 0));
        Array.ForEach(uploads, static upload => upload.Mark());
        await ReadUntilAsync(uploads, () => uploads.Any(static upload => upload.SinceMark >= Shared));
        long[] shares = [.. uploads.Select(static upload => upload.SinceMark)];
        Assert.True(shares.Min() > shares.Max() * 0.8, $"While all had bytes to send, they sent {string.Join(", ", shares)} bytes.");

        // The reads under way fail with the writes, or with the connection.
        _ = Task.WhenAll(uploads.Select(static upload => upload.Reading))
            .ContinueWith(static reads => reads.Exception, TaskScheduler.Default);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Bounded());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 0)]
    public async Task Bulk_waits_while_a_stream_of_a_higher_priority_has_something_to_send(int bulk, int urgent)
    {
        Assert.SkipUnless(Subject.HasPriorities, "The transport knows no priorities.");
        ConnectedPair pair = await ConnectAsync(Roomy);
        Upload[] lower = [.. await OpenAsync(pair, count: 2, bulk)];
        Upload[] higher = [.. await OpenAsync(pair, count: 1, urgent)];
        Upload[] all = [.. lower, .. higher];
        StrongBox<ValueTask>? overtaking = null;
        bool isCounting = false;
        long sent = 0;
        Task writing = WriteAsync(
            lower,
            until: () => higher[0].HasEnded,
            chunk: Megabyte / 8,
            written: chunk =>
            {
                if (Volatile.Read(ref isCounting) && Volatile.Read(ref overtaking) is not { Value.IsCompleted: true })
                {
                    Interlocked.Add(ref sent, chunk);
                }
            });
        await ReadUntilAsync(lower, () => lower.All(static upload => upload.Read > 0));
#pragma warning disable CA2012 // It is awaited once; until then it is only asked whether it is done.
        Volatile.Write(ref overtaking, new StrongBox<ValueTask>(higher[0].Near.WriteAsync(new byte[Length], completeWrites: true, Token)));
#pragma warning restore CA2012

        // From here on the higher has something to send: a thread that stands still before must not count against it.
        Volatile.Write(ref isCounting, true);
        await ReadUntilAsync(all, () => higher[0].HasEnded);
        await overtaking.Value;

        // In turns the two would have sent twice as much as the one.
        Assert.InRange(sent, 0, Length / 2);
        await ReadUntilAsync(all, () => all.All(static upload => upload.HasEnded));
        await writing.Bounded();
    }

    private static async Task<List<Upload>> OpenAsync(ConnectedPair pair, int count, int priority)
    {
        var uploads = new List<Upload>();
        for (int i = 0; i < count; i++)
        {
            (PeerStream near, PeerStream far) = await pair.OpenUnidirectionalAsync();
            near.Priority = priority;
            uploads.Add(new Upload(near, far));
        }

        return uploads;
    }

    // Side by side, since a write that nothing holds up may send all of it before it returns; and large, so that there is always more to send.
    private static Task WriteAsync(Upload[] uploads, Func<bool> until, int chunk = Length, Action<int>? written = null)
        => Task.WhenAll(uploads.Select(upload => Task.Run(() => upload.WriteAsync(until, chunk, written))));

    private static async Task ReadUntilAsync(Upload[] uploads, Func<bool> isDone)
    {
        while (!isDone())
        {
            await Task.WhenAny(uploads.Where(static upload => !upload.HasEnded).Select(static upload => upload.Reading)).Bounded();
            foreach (Upload upload in uploads)
            {
                upload.TakeRead();
            }
        }
    }

    private sealed class Upload
    {
        private readonly byte[] _buffer = new byte[Megabyte];
        private readonly PeerStream _far;
        private long _read;
        private long _mark = long.MaxValue;

        public Upload(PeerStream near, PeerStream far)
        {
            Near = near;
            _far = far;
            Reading = StartRead();
        }

        public PeerStream Near { get; }

        public long Read => Volatile.Read(ref _read);

        public long SinceMark => Read - Volatile.Read(ref _mark);

        public bool HasEnded { get; private set; }

        /// <summary>The read under way: there is always one, so that what arrives is read as it does.</summary>
        public Task<int> Reading { get; private set; }

        public void Mark() => Volatile.Write(ref _mark, Read);

        public async Task WriteAsync(Func<bool> until, int chunk = Length, Action<int>? written = null)
        {
            byte[] data = new byte[Length];
            do
            {
                for (int start = 0; start < Length; start += chunk)
                {
                    await Near.WriteAsync(data.AsMemory(start, chunk), Token);
                    written?.Invoke(chunk);
                }
            }
            while (!until());

            Near.CompleteWrites();
        }

        /// <summary>Counts what a read has brought, and starts the next.</summary>
        public void TakeRead()
        {
            if (!HasEnded && Reading.IsCompleted)
            {
                _read += Reading.Result;
                HasEnded = Reading.Result == 0;
                Reading = HasEnded ? Reading : StartRead();
            }
        }

        private Task<int> StartRead() => _far.ReadAsync(_buffer, Token).AsTask();
    }
}
