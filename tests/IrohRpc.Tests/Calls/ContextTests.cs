using System.Diagnostics;
using Microsoft.Extensions.Time.Testing;

namespace IrohRpc.Tests;

/// <summary>What goes along with a call, and what does not.</summary>
[Collection<RunsAlone>]
public sealed class ContextTests
{
    private static readonly AsyncLocal<string?> Ambient = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Handlers_see_no_async_local_of_anybody()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string?>();
        var probe = new Probe { OnContext = () => seen.Add(Ambient.Value) };
        Ambient.Value = "who started the connection";
        Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        Ambient.Value = "who calls";
        for (int call = 0; call < 200; call++)
        {
            await pair.Proxy.ContextAsync(null, Token).Soon();
        }

        Ambient.Value = null;
        await pair.DisposeAsync();
        Assert.Equal(200, seen.Count);
        Assert.All(seen, Assert.Null);
    }

    [Fact]
    public async Task Handler_leaves_no_async_local_to_the_next_call()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string?>();
        var probe = new Probe();
        probe.OnContext = () =>
        {
            seen.Add(Ambient.Value);
            Ambient.Value = "the call before";
        };
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => pair.Proxy.ContextAsync(null, Token).AsTask())).Soon();
        Assert.All(seen, Assert.Null);
    }

    [Fact]
    public async Task Deadline_goes_on_to_the_calls_that_a_handler_makes()
    {
        var deadline = new TaskCompletionSource<DateTimeOffset?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Pair<IProbe> inner = await Pair<IProbe>.StartAsync(new Probe
        {
            Look = context => deadline.TrySetResult(context!.Deadline),
        });
        var nested = new Probe();
        Task? made = null;
        nested.OnContext = () => made = inner.Proxy.ContextAsync(new CallContext(), Token).AsTask();
        await using Pair<IProbe> outer = await Pair<IProbe>.StartAsync(nested);
        await outer.Proxy.ContextAsync(new CallContext { Timeout = TimeSpan.FromMinutes(5) }, Token).Soon();
        await made!.Soon();
        DateTimeOffset? seen = await deadline.Task.Soon();
        Assert.NotNull(seen);
        Assert.InRange(seen.Value - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Baggage_travels_with_the_trace()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "IrohRpc" or "test",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        string? tenant = null;
        var probe = new Probe { OnContext = () => tenant = Activity.Current?.GetBaggageItem("tenant") };
        await using Pair<IProbe> pair = await Pair<IProbe>.StartAsync(probe);
        using var activity = new Activity("outer");
        activity.SetIdFormat(ActivityIdFormat.W3C).Start();
        activity.AddBaggage("tenant", "a, b=c");
        await pair.Proxy.ContextAsync(null, Token).Soon();
        activity.Stop();
        Assert.Equal("a, b=c", tenant);
    }

    [Fact]
    public async Task Error_of_another_call_says_nothing_to_the_caller()
    {
        Pair<IProbe> gone = await Pair<IProbe>.StartAsync(new Probe());
        await gone.DisposeAsync();
        var service = new Chain(gone.Proxy);
        await using Pair<IChain> pair = await Pair<IChain>.StartAsync(service);
        var error = await Assert.ThrowsAsync<RpcException>(() => pair.Proxy.ForwardAsync("lost", Token).Soon());
        Assert.Equal(RpcStatusCode.Internal, error.StatusCode);
        Assert.DoesNotContain("IProbe", error.Message, StringComparison.Ordinal);
    }

    /// <summary>By the service's clock, which may be ahead of the caller's.</summary>
    [Fact]
    public async Task Deadline_that_ends_the_call_that_a_handler_makes_is_the_status_of_its_own_call_too()
    {
        var clock = new FakeTimeProvider();
        var last = new Waiting();
        await using Pair<IChain> inner = await Pair<IChain>.StartAsync(last, clientOptions: new ClientOptions { TimeProvider = clock });
        await using Pair<IChain> outer = await Pair<IChain>.StartAsync(
            new Forwarding(inner.Proxy),
            new ServiceOptions { TimeProvider = clock },
            new ClientOptions { TimeProvider = new FakeTimeProvider(), Timeout = TimeSpan.FromSeconds(5) });
        Task<string> call = outer.Proxy.ForwardAsync("wait", Token).AsTask();
        await last.Entered.Task.Soon();
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(RpcStatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => call.Soon())).StatusCode);
    }

    [Fact]
    public async Task Shorter_deadline_of_a_call_that_a_handler_makes_is_a_failure_of_the_handler()
    {
        var clock = new FakeTimeProvider();
        var last = new Waiting();
        await using Pair<IChain> inner = await Pair<IChain>.StartAsync(last, clientOptions: new ClientOptions { TimeProvider = clock, Timeout = TimeSpan.FromSeconds(1) });
        await using Pair<IChain> outer = await Pair<IChain>.StartAsync(
            new Forwarding(inner.Proxy),
            new ServiceOptions { TimeProvider = clock },
            new ClientOptions { TimeProvider = new FakeTimeProvider(), Timeout = TimeSpan.FromSeconds(5) });
        Task<string> call = outer.Proxy.ForwardAsync("wait", Token).AsTask();
        await last.Entered.Task.Soon();
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(RpcStatusCode.Internal, (await Assert.ThrowsAsync<RpcException>(() => call.Soon())).StatusCode);
    }

    private sealed class Waiting : IChain
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<string> ForwardAsync(string text, CancellationToken cancellationToken)
        {
            Entered.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return text;
        }
    }

    /// <summary>Has no token for its own call, so that only the deadline ends the next.</summary>
    private sealed class Forwarding(IChain next) : IChain
    {
        public async ValueTask<string> ForwardAsync(string text, CancellationToken cancellationToken) => await next.ForwardAsync(text, CancellationToken.None);
    }

    private sealed class Chain(IProbe next) : IChain
    {
        public async ValueTask<string> ForwardAsync(string text, CancellationToken cancellationToken) => await next.EchoAsync(text, cancellationToken);
    }
}

/// <summary>A contract whose service calls another.</summary>
[Alpn("chain/1")]
public partial interface IChain
{
    ValueTask<string> ForwardAsync(string text, CancellationToken cancellationToken = default);
}
