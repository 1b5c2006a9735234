using System.Threading.RateLimiting;
using IrohRpc.Extensions.Policies;

namespace IrohRpc.Policies.Tests;

public sealed class RateLimitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_peer_has_a_limit_of_its_own()
    {
        await using Peers peers = await Peers.StartAsync<IDesk>(
            new Desk(), (interceptors, _) => interceptors.AddRateLimits(options => options.Add(RateLimitScope.Peer, () => Window(2))));
        IDesk one = peers.Connect<IDesk>();
        IDesk other = peers.Connect<IDesk>(await peers.AddAsync());
        Assert.Equal(1, await one.AskAsync(1, Token));
        Assert.Equal(2, await one.AskAsync(2, Token));
        await ExhaustedAsync(one.AskAsync(3, Token).AsTask());
        await ExhaustedAsync(one.DearAsync(Token).AsTask());
        Assert.Equal(4, await other.AskAsync(4, Token));
    }

    [Fact]
    public async Task Each_method_has_a_limit_of_its_own()
    {
        await using Peers peers = await Peers.StartAsync<IDesk>(
            new Desk(), (interceptors, _) => interceptors.AddRateLimits(options => options.Add(RateLimitScope.PeerAndMethod, () => Window(1))));
        IDesk desk = peers.Connect<IDesk>();
        Assert.Equal(1, await desk.AskAsync(1, Token));
        await ExhaustedAsync(desk.AskAsync(1, Token).AsTask());
        Assert.Equal(1, await desk.DearAsync(Token));
    }

    [Fact]
    public async Task Named_limit_is_for_what_names_it()
    {
        await using Peers peers = await Peers.StartAsync<IDesk>(
            new Desk(), (interceptors, _) => interceptors.AddRateLimits(options => options.Add("dear", RateLimitScope.All, () => Window(1))));
        IDesk desk = peers.Connect<IDesk>();
        Assert.Equal(1, await desk.DearAsync(Token));
        await ExhaustedAsync(desk.DearAsync(Token).AsTask());
        Assert.Equal(1, await desk.AskAsync(1, Token));
    }

    [Fact]
    public async Task Concurrency_is_held_until_the_stream_has_ended()
    {
        var desk = new Desk();
        await using Peers peers = await Peers.StartAsync<IDesk>(desk, (interceptors, _) => interceptors.AddRateLimits(options => options.Add(
            RateLimitScope.Peer, () => new ConcurrencyLimiter(new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 1 }))));
        IDesk proxy = peers.Connect<IDesk>();
        await using IAsyncEnumerator<int> held = proxy.HoldAsync(Token).GetAsyncEnumerator(Token);
        Assert.True(await held.MoveNextAsync());
        Task<int> queued = proxy.AskAsync(7, Token).AsTask();
        await ExhaustedAsync(UntilQueuedAsync());
        Assert.False(queued.IsCompleted);
        desk.Released.SetResult();
        while (await held.MoveNextAsync())
        {
        }

        Assert.Contains(await queued.WaitAsync(Peers.Bound, Token), (int[])[7, 8]);

        // The queue has one place: whichever of the two comes second is refused, and that may be either, since calls run beside each other.
        async Task UntilQueuedAsync()
        {
            Task<int> second = proxy.AskAsync(8, Token).AsTask();
            Task<int> first = await Task.WhenAny(queued, second);
            (queued, second) = first == queued ? (second, queued) : (queued, second);
            await second;
        }
    }

    [Fact]
    public async Task Refused_caller_learns_when_there_is_room()
    {
        await using Peers peers = await Peers.StartAsync<IDesk>(
            new Desk(), (interceptors, _) => interceptors.AddRateLimits(options => options.Add(RateLimitScope.Peer, () => Window(1))));
        var client = new ClientOptions();
        string? wait = null;
        client.Interceptors.Add(new Seeing(metadata => wait = metadata[RateLimitInterceptor.RetryAfterKey]));
        IDesk desk = peers.Connect<IDesk>(options: client);
        await desk.AskAsync(1, Token);
        await ExhaustedAsync(desk.AskAsync(1, Token).AsTask());
        Assert.True(long.Parse(wait!, System.Globalization.CultureInfo.InvariantCulture) > 0);
    }

    [Fact]
    public async Task Strangers_do_not_make_limiters_without_end()
    {
        var limits = new RateLimitOptions { MaxPartitions = 3 };
        limits.Add(RateLimitScope.Peer, () => Window(1));
        using var interceptor = new RateLimitInterceptor(limits);
        await using Peers peers = await Peers.StartAsync<IDesk>(new Desk(), (interceptors, _) => interceptors.Add(interceptor));
        int refused = 0;
        for (int i = 0; i < 6; i++)
        {
            IDesk desk = peers.Connect<IDesk>(await peers.AddAsync());
            try
            {
                await desk.AskAsync(1, Token);
            }
            catch (RpcException error) when (error.StatusCode == RpcStatusCode.ResourceExhausted)
            {
                refused++;
            }
        }

        // Nobody of the first three is idle, so that the others share a limiter.
        Assert.Equal((3, 2), (interceptor.Partitions, refused));
    }

    private static FixedWindowRateLimiter Window(int permits)
        => new(new FixedWindowRateLimiterOptions { PermitLimit = permits, Window = TimeSpan.FromHours(1), AutoReplenishment = false });

    private static async Task ExhaustedAsync(Task call)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(Peers.Bound, Token));
        Assert.Equal(RpcStatusCode.ResourceExhausted, error.StatusCode);
    }

    private sealed class Seeing(Action<Metadata> see) : RpcInterceptor
    {
        public override async ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next)
        {
            try
            {
                await next(invocation);
            }
            finally
            {
                see(invocation.Context.ResponseMetadata);
            }
        }
    }
}
