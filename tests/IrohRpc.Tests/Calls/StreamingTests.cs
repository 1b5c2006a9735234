using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace IrohRpc.Tests;

/// <summary>Items leave when they are there, uploads tell the truth, and results that nobody reads are given up.</summary>
[Collection<RunsAlone>]
public sealed class StreamingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Items_of_an_iterator_that_blocks_arrive_one_by_one()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        await using IAsyncEnumerator<int> items = pair.Proxy.BlockingItemsAsync(5, Token).GetAsyncEnumerator(Token);
        for (int item = 0; item < 5; item++)
        {
            // The iterator blocks for the next one, so that nothing but time can make this one leave.
            probe.NextItem.Release();
            Assert.True(await items.MoveNextAsync().Soon());
            Assert.Equal(item, items.Current);
        }
    }

    [Fact]
    public async Task Items_of_a_blocking_upload_arrive_one_by_one()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        using var gate = new ManualResetEventSlim();
        Task<long> call = pair.Proxy.SumAsync(Source(), Token).AsTask();
        await probe.Entered.Task.Soon();
        gate.Set();
        Assert.Equal(3, await call.Soon());

        async IAsyncEnumerable<int> Source()
        {
            await Task.CompletedTask;
            yield return 1;
            gate.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            yield return 2;
        }
    }

    [Fact]
    public async Task Completing_a_writer_waits_for_the_service_and_says_that_it_failed()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        PipeWriter writer = await pair.Proxy.UploadAsync("fail", Token).Soon();
        await writer.WriteAsync(new byte[10], Token).Soon();
        var error = await Assert.ThrowsAsync<RpcException>(() => writer.CompleteAsync().Soon());
        Assert.Equal(RpcStatusCode.Internal, error.StatusCode);

        PipeWriter fine = await pair.Proxy.UploadAsync("", Token).Soon();
        await fine.WriteAsync(new byte[10], Token).Soon();
        await fine.CompleteAsync().Soon();
    }

    [Fact]
    public async Task Token_of_a_handlers_own_enumeration_is_a_cancel_and_no_loss()
    {
        await using Pair<IOwnToken> pair = await Pair<IOwnToken>.StartAsync(new OwnToken());
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Assert.Equal(nameof(OperationCanceledException), await pair.Proxy.TakeAsync(Source(), Token).Soon());
        held.TrySetResult();

        async IAsyncEnumerable<int> Source()
        {
            yield return 1;
            await held.Task;
        }
    }

    [Fact]
    public async Task Tasks_that_fault_are_reported_once()
    {
        List<Exception> reported = [];
        var tasks = new Internal.TaskSet(new Lock(), reported, static (list, exception) => ((List<Exception>)list).Add(exception));
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        tasks.Add(FailAsync());
        tasks.Add(Task.FromException(new IOException("at once")));
        gate.SetResult();
        await tasks.WhenEmptyAsync().Soon();
        Assert.Equal(["at once", "later"], reported.Select(exception => exception.Message).Order());

        async Task FailAsync()
        {
            await gate.Task;
            throw new IOException("later");
        }
    }

    [Fact]
    public async Task Reader_who_stops_stops_the_writer()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var pipe = new Pipe();
        Task<int> call = pair.Proxy.RunAsync(pipe.Writer, Token).AsTask();
        ReadResult read = await pipe.Reader.ReadAsync(Token).Soon();
        pipe.Reader.AdvanceTo(read.Buffer.End);
        await pipe.Reader.CompleteAsync();
        Assert.InRange(await call.Soon(), 1, int.MaxValue);
    }

    [Fact]
    public async Task Cancelled_read_of_a_pipe_is_no_end()
    {
        var probe = new Probe();
        await using Pair<IPipes> pair = await Pair<IPipes>.StartAsync(new Pipes());
        var pipe = new Pipe();
        Task<long> call = pair.Proxy.LengthAsync(pipe.Reader, Token).AsTask();
        await pipe.Writer.WriteAsync(new byte[10], Token).Soon();
        pipe.Reader.CancelPendingRead();
        await Assert.ThrowsAnyAsync<Exception>(() => call.Soon());
    }

    [Fact]
    public async Task Bytes_back_beside_a_result_that_takes_bytes_lose_none()
    {
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(new Probe());
        var back = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        PipeWriter up = await pair.Proxy.BothAsync(back.Writer, Token).Soon();
        await up.WriteAsync(Workshop.Pattern(1_000_000), Token).Soon();
        await up.CompleteAsync().Soon();
        using var all = new MemoryStream();
        await back.Reader.CopyToAsync(all, Token).Soon();
        Assert.Equal(Workshop.Pattern(1_000_000), all.ToArray());
    }

    [Theory]
    [InlineData("stream")]
    [InlineData("items")]
    [InlineData("enumerator")]
    public async Task Result_that_nobody_reads_is_given_up(string what)
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        await DropAsync(pair.Proxy, what);
        while (!probe.Stopped.Task.IsCompleted)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }

        Assert.Equal("after", await pair.Proxy.EchoAsync("after", Token).Soon());
    }

    [Fact]
    public async Task Subscriptions_keep_no_unary_call_from_being_made()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        List<IAsyncEnumerator<int>> open = [];
        for (int number = 0; number < 90; number++)
        {
            IAsyncEnumerator<int> items = pair.Proxy.ItemsAsync(-1, Token).GetAsyncEnumerator(Token);
            Assert.True(await items.MoveNextAsync().Soon());
            open.Add(items);
        }

        Assert.Equal("after", await pair.Proxy.EchoAsync("after", Token).Soon());
        foreach (IAsyncEnumerator<int> items in open)
        {
            await items.DisposeAsync();
        }
    }

    [Fact]
    public async Task Handlers_that_block_delay_no_other_call()
    {
        var probe = new Probe();
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        Task<string>[] blocked = [.. Enumerable.Range(0, 300).Select(_ => pair.Proxy.BlockAsync(Token).AsTask())];

        // They block until this one has its answer; the pool would take minutes to bring so many threads.
        Assert.Equal("ping", await pair.Proxy.EchoAsync("ping", Token).Soon());
        Assert.Equal(300, Volatile.Read(ref probe.Blocked));
        probe.BlockingGate.Set();
        await Task.WhenAll(blocked).Soon();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task DropAsync(IProbe proxy, string what)
    {
        switch (what)
        {
            case "stream":
                _ = await proxy.BytesAsync(-2, Token).Soon();
                break;
            case "items":
                _ = await proxy.LaterAsync(-1, Token).Soon();
                break;
            default:
                IAsyncEnumerator<int> items = proxy.ItemsAsync(-1, Token).GetAsyncEnumerator(Token);
                await items.MoveNextAsync().Soon();
                break;
        }
    }

    private sealed class OwnToken : IOwnToken
    {
        public async ValueTask<string> TakeAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken)
        {
            using var own = new CancellationTokenSource();
            try
            {
                await foreach (int _ in numbers.WithCancellation(own.Token))
                {
                    // Fires while the next item is waited for.
                    own.CancelAfter(TimeSpan.FromMilliseconds(1));
                }

                return "ended";
            }
            catch (Exception exception)
            {
                return exception is OperationCanceledException ? nameof(OperationCanceledException) : exception.GetType().Name;
            }
        }
    }

    private sealed class Pipes : IPipes
    {
        public async ValueTask<long> LengthAsync(PipeReader bytes, CancellationToken cancellationToken)
        {
            long length = 0;
            while (true)
            {
                ReadResult result = await bytes.ReadAsync(cancellationToken);
                length += result.Buffer.Length;
                bytes.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                {
                    return length;
                }
            }
        }
    }
}

/// <summary>A contract whose service gives up what it reads.</summary>
[Alpn("owntoken/1")]
public partial interface IOwnToken
{
    ValueTask<string> TakeAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken = default);
}

/// <summary>A contract that takes a pipe.</summary>
[Alpn("pipes/1")]
public partial interface IPipes
{
    ValueTask<long> LengthAsync(PipeReader bytes, CancellationToken cancellationToken = default);
}
