using System.IO.Pipelines;

namespace IrohRpc.Tests;

// A call is given up before it is sent, while it is, while it runs, while its answer comes, or too late.
public abstract partial class CallSuite
{
    private const int Moments = 60;

    public static TheoryData<string> Shapes => [.. Calls.Keys];

    private static Dictionary<string, Func<IWorkshop, CancellationToken, Task>> Calls { get; } = new()
    {
        ["unary"] = static (proxy, token) => proxy.HelloAsync("yield", token).AsTask(),
        ["unary that waits"] = static (proxy, token) => proxy.HelloAsync("wait", token).AsTask(),
        ["large"] = static (proxy, token) => proxy.LargeAsync(new byte[30_000], 30_000, token).AsTask(),
        ["large answer"] = static (proxy, token) => proxy.LargeAsync([1], 30_000, token).AsTask(),
        ["items out"] = static (proxy, token) => proxy.CountAsync(5_000, token).ToListAsync(CancellationToken.None).AsTask(),
        ["items in"] = static (proxy, token) => proxy.SumAsync(Numbers(5_000), token).AsTask(),
        ["items both ways"] = static (proxy, token) => proxy.DoubleAsync(Numbers(5_000), token).ToListAsync(CancellationToken.None).AsTask(),
        ["several streams"] = static (proxy, token) => proxy.ZipAsync(Numbers(2_000), Numbers(2_000), token).AsTask(),
        ["bytes in"] = static (proxy, token) => proxy.LengthAsync(new MemoryStream(new byte[200_000]), token).AsTask(),
        ["bytes out"] = static (proxy, token) => ReadAsync(proxy, token),
        ["bytes both ways"] = static (proxy, token) => CopyAsync(proxy, token),
        ["progress"] = static (proxy, token) => proxy.WorkAsync(200, new RecordedProgress(), token).AsTask(),
        ["callback"] = static (proxy, token) => proxy.AskAsync(new Workshop.Listener("me"), "you", token).AsTask(),
        ["object as result"] = static (proxy, token) => proxy.OpenAsync("door", token).AsTask(),
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Call_that_is_cancelled_at_any_moment_ends_and_leaves_nothing_behind(string shape)
    {
        // At its end the pair looks for calls, streams, lanes and channels that are left.
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        for (int moment = 0; moment < Moments; moment++)
        {
            using var cancellation = new CancellationTokenSource();
            Task call = Calls[shape](pair.Proxy, cancellation.Token);
            for (int turn = 0; turn < moment; turn++)
            {
                await Task.Yield();
            }

            await cancellation.CancelAsync();
            await call.Soon().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            Assert.True(call.IsCanceled || call.IsCompletedSuccessfully, $"After {moment} turns: {call.Status} {call.Exception}");
        }

        Assert.Equal("Hello, again", await pair.Proxy.HelloAsync("again", Token).Soon());
    }

    [Fact]
    public async Task Pipe_that_is_being_read_when_its_call_is_cancelled_keeps_its_memory_until_that_read_has_ended()
    {
        // A pipe gives its memory back as it is completed: what still wrote there would overwrite what the next one who rents it holds, the records of a connection among them.
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        using var memory = new WatchedMemory();
        await using var source = new HeldSource();
        var back = new Pipe();
        using var cancellation = new CancellationTokenSource();
        var reader = PipeReader.Create(source, new StreamPipeReaderOptions(memory));
        Task<int> call = pair.Proxy.CopyAsync(reader, back.Writer, cancellation.Token).AsTask();
        await source.Reading.Soon();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Soon());

        // The pipe for what comes back is completed after the other one would have been.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => back.Reader.ReadAsync(Token).Soon());
        Assert.False(memory.Returned.IsCompleted);
        source.LetGo();
        await memory.Returned.Soon();
    }

    private static async Task ReadAsync(IWorkshop proxy, CancellationToken cancellationToken)
    {
        await using Stream content = await proxy.ContentAsync(200_000, cancellationToken);
        await content.CopyToAsync(Stream.Null, CancellationToken.None);
    }

    private static async Task CopyAsync(IWorkshop proxy, CancellationToken cancellationToken)
    {
        var back = new Pipe();
        Task<int> call = proxy.CopyAsync(PipeReader.Create(new MemoryStream(new byte[200_000])), back.Writer, cancellationToken).AsTask();
        await Task.WhenAll(call, back.Reader.CopyToAsync(Stream.Null, CancellationToken.None));
    }
}
