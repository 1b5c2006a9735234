using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

/// <summary>Calls made one after the other leave in that order, and a sequential service runs them in it.</summary>
public sealed class OrderTests
{
    private static readonly ServiceOptions Sequential = new() { Sequential = true };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(2_000, 0, 0)]
    [InlineData(20_000, 100, 100)]
    [InlineData(2_000, 2_000, 2_000)]
    [InlineData(300, 10, 20_000)]
    public async Task One_way_calls_run_in_the_order_in_which_they_were_made(int count, int small, int large)
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, Sequential);
        for (int number = 0; number < count; number++)
        {
            if (small == 0)
            {
                pair.Proxy.Note(number);
            }
            else
            {
                pair.Proxy.NoteBytes(number, new byte[number % 3 == 0 ? large : small]);
            }
        }

        int[] noted = await pair.Proxy.NotesAsync(Token).Soon();
        Assert.Equal(Enumerable.Range(0, count), noted);
    }

    [Fact]
    public async Task First_calls_of_a_connection_keep_their_order_whatever_their_size()
    {
        for (int round = 0; round < 20; round++)
        {
            var probe = new Probe();
            await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, Sequential);
            pair.Proxy.NoteBytes(0, new byte[50_000]);
            pair.Proxy.Note(1);
            pair.Proxy.NoteBytes(2, new byte[20_000]);
            int[] noted = await pair.Proxy.NotesAsync(Token).Soon();
            Assert.Equal([0, 1, 2], noted);
        }
    }

    [Fact]
    public async Task Streaming_calls_of_a_sequential_service_run_in_their_turn()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, Sequential);
        for (int round = 0; round < 30; round++)
        {
            pair.Proxy.NoteBytes(round, new byte[round % 2 == 0 ? 20_000 : 10]);
            ValueTask<IAsyncEnumerable<int>> counting = new(pair.Proxy.NotesSoFarAsync(Token));
            pair.Proxy.Note(-1);
            Assert.Equal([(2 * round) + 1], await (await counting).ToListAsync(Token).Soon());
        }
    }

    [Fact]
    public async Task Awaited_calls_that_wait_for_room_leave_in_order()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, Sequential, new ClientOptions { MaxUnsentBytes = 64 * 1024 });
        List<Task> calls = [];
        for (int number = 0; number < 300; number++)
        {
            pair.Proxy.NoteBytes(number, new byte[4_000]);
            calls.Add(pair.Proxy.TakeAsync(new byte[8_000], null, Token).AsTask());
        }

        await Task.WhenAll(calls).Soon();
        Assert.Equal(Enumerable.Range(0, 300), await pair.Proxy.NotesAsync(Token).Soon());
    }

    [Fact]
    public async Task Call_that_was_given_up_in_the_queue_of_a_sequential_service_does_not_run()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, Sequential);
        Task<string> first = pair.Proxy.HoldAsync(Token).AsTask();
        await probe.Entered.Task.Soon();
        using var stop = new CancellationTokenSource();
        Task[] others = [.. Enumerable.Range(0, 100).Select(_ => pair.Proxy.BlobAsync(1, stop.Token).AsTask())];
        await stop.CancelAsync();
        foreach (Task other in others)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other.Soon());
        }

        // Behind the cancels on the lane, so that they have been read when it is.
        Task<string> last = pair.Proxy.EchoAsync("last", Token).AsTask();
        await pair.Client.FlushAsyncForTests().Soon();
        probe.Gate.SetResult();
        await first.Soon();
        await last.Soon();
        Assert.Equal(0, probe.Produced);
    }

    [Fact]
    public async Task Call_whose_deadline_passes_in_the_queue_of_a_sequential_service_does_not_run()
    {
        var clock = new FakeTimeProvider();
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, new ServiceOptions { Sequential = true, TimeProvider = clock });
        Task<string> first = pair.Proxy.HoldAsync(Token).AsTask();
        await probe.Entered.Task.Soon();
        IProbe late = pair.Client.GetProxy<IProbe>();
        Task<bool> other = late.ContextAsync(new CallContext { Timeout = TimeSpan.FromMinutes(1) }, Token).AsTask();
        probe.Look = static _ => throw new InvalidOperationException("It ran.");
        await pair.Client.FlushAsyncForTests().Soon();
        clock.Advance(TimeSpan.FromMinutes(2));
        probe.Gate.SetResult();
        await first.Soon();
        var error = await Assert.ThrowsAsync<RpcException>(() => other.Soon());
        Assert.Equal((RpcStatusCode.DeadlineExceeded, true), (error.StatusCode, error.IsNotStarted));
    }

    [Fact]
    public async Task One_way_calls_beyond_the_bound_are_refused_and_counted()
    {
        var gate = new WriteGate();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(
            new Probe(), clientOptions: new ClientOptions { MaxUnsentOneWayBytes = 64 * 1024 }, wrapClient: connection => new GatedConnection(connection, gate));
        await pair.Proxy.EchoAsync("before", Token).Soon();
        gate.Close();
        var error = Assert.Throws<RpcException>(() =>
        {
            for (int number = 0; number < 1_000; number++)
            {
                pair.Proxy.NoteBytes(number, new byte[1_000]);
            }
        });
        Assert.Equal((RpcStatusCode.ResourceExhausted, true), (error.StatusCode, error.IsNotStarted));
        Assert.Equal(1, pair.Client.RefusedOneWayCalls);
        gate.Open();
        await pair.Client.FlushAsync(Token).Soon();
        pair.Proxy.Note(1);
    }

    [Fact]
    public async Task Flush_completes_when_the_peer_has_read_what_was_posted()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe, Sequential);
        for (int number = 0; number < 100; number++)
        {
            pair.Proxy.NoteBytes(number, new byte[number % 10 == 0 ? 20_000 : 10]);
        }

        await pair.Client.FlushAsync(Token).Soon();
        for (int number = 0; number < 100; number++)
        {
            await probe.NoteArrived.WaitAsync(Token).Soon();
        }

        Assert.Equal(Enumerable.Range(0, 100), probe.Noted);
    }

    [Fact]
    public async Task Disposing_delivers_what_was_posted()
    {
        var probe = new Probe();
        Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        for (int number = 0; number < 1_000; number++)
        {
            pair.Proxy.Note(number);
        }

        await pair.DisposeAsync();
        Assert.Equal(1_000, probe.Noted.Count);
    }

    internal sealed class WriteGate
    {
        private TaskCompletionSource _open = new();

        public WriteGate() => _open.SetResult();

        public Task Opened => Volatile.Read(ref _open).Task;

        public void Close() => Volatile.Write(ref _open, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

        public void Open() => _open.TrySetResult();
    }

    internal sealed class GatedConnection(PeerConnection inner, WriteGate gate, bool accepted = false) : DelegatingConnection(inner)
    {
        protected override PeerStream Opened(PeerStream stream) => accepted ? stream : new GatedStream(stream, gate);

        protected override PeerStream Accepted(PeerStream stream) => accepted ? new GatedStream(stream, gate) : stream;

        private sealed class GatedStream(PeerStream inner, WriteGate gate) : DelegatingStream(inner)
        {
            public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, bool completeWrites, CancellationToken cancellationToken = default)
            {
                await gate.Opened;
                await base.WriteAsync(buffer, completeWrites, cancellationToken);
            }
        }
    }
}

internal static class ConnectionTests
{
    /// <summary>Waits until the peer has read everything before, whether or not something was posted.</summary>
    public static async Task FlushAsyncForTests(this RpcConnection connection)
    {
        connection.GetProxy<IProbe>().Note(-1);
        await connection.FlushAsync(TestContext.Current.CancellationToken);
    }
}
