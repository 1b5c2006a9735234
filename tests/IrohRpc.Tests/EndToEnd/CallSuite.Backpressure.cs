using System.IO.Pipelines;

namespace IrohRpc.Tests;

// A receiver that does not receive stops its sender, with little in between, and gets everything once it does.
public abstract partial class CallSuite
{
    private const int Everything = 48 * 1024 * 1024;

    // Windows and buffers of the transport and of the machine below it; loopback sockets take some megabytes.
    private const int MostBetween = 16 * 1024 * 1024;

    [Fact]
    public async Task Handler_that_does_not_take_items_stops_the_caller_that_sends_them()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        var source = new Fountain(Everything);
        Task<long> call = pair.Proxy.TakeSlowlyAsync(source.InChunks(16 * 1024), Token).AsTask();
        await pair.Service.Entered.Task.Soon();
        await AssertStallsAsync(pair, source);
        pair.Service.Gate.SetResult();
        Assert.Equal(Everything, await call.Soon());
    }

    [Fact]
    public async Task Handler_that_does_not_read_bytes_stops_the_caller_that_sends_them()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        var source = new Fountain(Everything);
        Task<long> call = pair.Proxy.ReadSlowlyAsync(source, Token).AsTask();
        await pair.Service.Entered.Task.Soon();
        await AssertStallsAsync(pair, source);
        pair.Service.Gate.SetResult();
        Assert.Equal(Everything, await call.Soon());
    }

    [Fact]
    public async Task Caller_that_does_not_read_bytes_stops_the_handler_that_sends_them()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        await using Stream content = await pair.Proxy.FountainAsync(Everything, Token).Soon();
        byte[] buffer = new byte[64 * 1024];
        long received = await content.ReadAsync(buffer, Token).Soon();
        await AssertStallsAsync(pair, pair.Service.Fountain!);
        int read;
        while ((read = await content.ReadAsync(buffer, Token).Soon()) > 0)
        {
            received += read;
        }

        Assert.Equal(Everything, received);
    }

    [Fact]
    public async Task Caller_that_does_not_take_items_stops_the_handler_that_sends_them()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        await using IAsyncEnumerator<byte[]> chunks = pair.Proxy.ChunksAsync(Everything, 16 * 1024, Token).GetAsyncEnumerator(Token);
        Assert.True(await chunks.MoveNextAsync().Soon());
        long received = chunks.Current.Length;
        await AssertStallsAsync(pair, pair.Service.Fountain!);
        while (await chunks.MoveNextAsync().Soon())
        {
            received += chunks.Current.Length;
        }

        Assert.Equal(Everything, received);
    }

    [Fact]
    public async Task Caller_that_does_not_read_what_comes_back_stops_the_handler_and_with_it_what_it_sends_itself()
    {
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        var source = new Fountain(Everything);
        var back = new Pipe();
        Task<int> call = pair.Proxy.CopyAsync(PipeReader.Create(source), back.Writer, Token).AsTask();
        long received = await TakeAsync(back.Reader);
        await AssertStallsAsync(pair, source);
        long taken;
        while ((taken = await TakeAsync(back.Reader)) > 0)
        {
            received += taken;
        }

        Assert.Equal((Everything, Everything), (await call.Soon(), received));
    }

    private static async Task<long> TakeAsync(PipeReader reader)
    {
        ReadResult result = await reader.ReadAsync(Token).Soon();
        long length = result.Buffer.Length;
        reader.AdvanceTo(result.Buffer.End);
        return length;
    }

    // It runs until all that lies between is full. Other calls go on meanwhile, and come round quickly enough to see it move.
    private static async Task AssertStallsAsync(RpcPair pair, Fountain source)
    {
        long before;
        do
        {
            before = source.Given;
            for (int call = 0; call < 20; call++)
            {
                Assert.Equal("yielded", await pair.Proxy.HelloAsync("yield", Token).Soon());
            }
        }
        while (source.Given != before);

        Assert.InRange(before, 1, MostBetween);
    }
}
