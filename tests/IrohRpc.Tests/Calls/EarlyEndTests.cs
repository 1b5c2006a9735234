using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using IrohRpc.Streams;
using MemoryPack;

namespace IrohRpc.Tests;

/// <summary>A stream is given up by one while another is in the midst of reading it: nobody's memory is given away under his hands.</summary>
public sealed class EarlyEndTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Item_that_is_being_read_while_its_enumerator_is_disposed_of_is_read_from_its_own_bytes()
    {
        await using Pair<ISlowItems> pair = await Pair<ISlowItems>.StartAsync(new SlowItems());
        IAsyncEnumerator<SlowItem> items = pair.Proxy.ItemsAsync(Token).GetAsyncEnumerator(Token);
        Task<bool> moving = Task.Run(() => items.MoveNextAsync().AsTask(), Token);
        await SlowItem.Entered.Task.Soon();
        await items.DisposeAsync().Soon();
        await EndedAsync(pair.Client);
        SlowItem.Gate.Set();
        Assert.True(await moving.Soon());
        Assert.Equal(Enumerable.Range(1, 100), items.Current.Numbers);
    }

    [Fact]
    public async Task Writer_that_takes_bytes_back_is_completed_only_after_they_were_copied()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var back = new HeldWriter();
        PipeWriter up = await pair.Proxy.BothAsync(back, Token).Soon();
        await up.WriteAsync(Workshop.Pattern(1_000), Token).Soon();
        await back.Flushing.Task.Soon();
        await ((IReceivedStream)up).DisposeAsync().Soon();
        await EndedAsync(pair.Client);
        Assert.False(back.Completed.Task.IsCompleted);
        back.LetGo.SetResult();
        await back.Completed.Task.Soon();
    }

    [Fact]
    public async Task Read_after_the_disposal_of_what_it_reads_is_an_error()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        Stream bytes = await pair.Proxy.BytesAsync(-2, Token).Soon();
        Task<int> reading = ReadAllAsync(bytes);
        await bytes.DisposeAsync().Soon();
        await Assert.ThrowsAnyAsync<Exception>(() => reading.Soon());
        Assert.False(bytes.CanRead);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => bytes.ReadAsync(new byte[10], Token).Soon());
    }

    private static async Task<int> ReadAllAsync(Stream bytes)
    {
        byte[] buffer = new byte[1_000];
        while (true)
        {
            await bytes.ReadExactlyAsync(buffer, Token);
        }
    }

    // Everything of the call has been given back.
    private static async Task EndedAsync(PeerRpcConnection client)
    {
        while (client.HasCallsInProgress)
        {
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }
    }

    private sealed class SlowItems : ISlowItems
    {
        public async IAsyncEnumerable<SlowItem> ItemsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            yield return new SlowItem { Numbers = [.. Enumerable.Range(1, 100)] };
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }

    private sealed class HeldWriter : PipeWriter
    {
        private readonly byte[] _memory = new byte[64 * 1024];

        public TaskCompletionSource Flushing { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Completed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Advance(int bytes)
        {
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => _memory;

        public override Span<byte> GetSpan(int sizeHint = 0) => _memory;

        public override void CancelPendingFlush()
        {
        }

        public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Flushing.TrySetResult();
            await LetGo.Task;
            return default;
        }

        public override void Complete(Exception? exception = null) => Completed.TrySetResult();
    }
}

/// <summary>A contract whose items take as long to read as the test says.</summary>
[Alpn("slowitems/1")]
public partial interface ISlowItems
{
    IAsyncEnumerable<SlowItem> ItemsAsync(CancellationToken cancellationToken = default);
}

/// <summary>Numbers that are read only once the gate is open. For one test.</summary>
[MemoryPackable]
public sealed partial class SlowItem
{
    internal static TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal static ManualResetEventSlim Gate { get; } = new();

    public int[] Numbers { get; set; } = [];

    [MemoryPackOnDeserializing]
    internal static void Hold()
    {
        Entered.TrySetResult();
        Gate.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
    }
}
