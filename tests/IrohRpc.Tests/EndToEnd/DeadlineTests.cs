using IrohRpc.Transports;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

/// <summary>Deadlines hold on both sides, each by its own clock.</summary>
public sealed class DeadlineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Caller_gives_up_at_its_deadline(bool streaming)
    {
        var clock = new FakeTimeProvider();
        await using RpcPair pair = await RpcPair.StartAsync(
            new MemoryNetwork().Transport, clientOptions: new ClientOptions { TimeProvider = clock, Timeout = TimeSpan.FromSeconds(5) });
        IAsyncEnumerator<int> items = pair.Proxy.CountAsync(1, Token).GetAsyncEnumerator(Token);
        Task call = streaming ? items.MoveNextAsync().AsTask() : pair.Proxy.HelloAsync("wait", Token).AsTask();
        if (streaming)
        {
            await call.Soon();
            call = items.MoveNextAsync().AsTask();
        }
        else
        {
            await pair.Service.Entered.Task.Soon();
        }

        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.False(call.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(RpcStatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call.Soon())).StatusCode);
        await pair.Service.Stopped.Task.Soon();
    }

    [Fact]
    public async Task Handlers_token_fires_at_the_callers_deadline_by_the_handlers_clock()
    {
        var clock = new FakeTimeProvider();
        await using RawPeer peer = await RawPeer.StartAsync(new ServiceOptions { TimeProvider = clock });

        // A time-out of 1,000,000 microseconds.
        PeerStream lane = await peer.OpenLaneAsync(
            RawPeer.Request(1, "Hello", "(string)->string", [0xfb, 0xff, 0xff, 0xff, 4, 0, 0, 0, .. "wait"u8], [1, 4, 0x80, 0x0f, 0x42, 0x40]));
        await peer.Pair.Service.Entered.Task.Soon();
        clock.Advance(TimeSpan.FromSeconds(2));
        (byte _, byte[] body) = (await RawPeer.ReadAsync(lane))!.Value;
        Assert.Equal((byte)RpcStatusCode.DeadlineExceeded, body[1]);
    }

    [Fact]
    public async Task Deadline_that_has_passed_sends_nothing()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport);
        var context = new CallContext { Deadline = DateTimeOffset.UtcNow.AddSeconds(-1) };
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.WhoAsync(context, Token).Soon());
        Assert.Equal(RpcStatusCode.DeadlineExceeded, error.StatusCode);
    }

    [Fact]
    public async Task Deadline_beyond_what_clocks_can_tell_is_none()
    {
        await using RpcPair pair = await RpcPair.StartAsync(new MemoryNetwork().Transport, clientOptions: new ClientOptions { Timeout = TimeSpan.MaxValue });
        Assert.Equal("Hello, you", await pair.Proxy.HelloAsync("you", Token).Soon());
        Assert.Equal([0, 1, 2], await pair.Proxy.CountAsync(3, Token).ToListAsync(Token).Soon());
        foreach (CallContext context in (CallContext[])[new() { Timeout = TimeSpan.MaxValue }, new() { Deadline = DateTimeOffset.MaxValue }])
        {
            Assert.Contains(" False ", await pair.Proxy.WhoAsync(context, Token).Soon(), StringComparison.Ordinal);
        }
    }
}
