using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Polly;
using Polly.CircuitBreaker;

namespace IrohRpc.Policies.Tests;

public sealed class CircuitBreakerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Peer_that_keeps_failing_is_left_alone_for_a_while()
    {
        var clock = new FakeTimeProvider();
        var desk = new Desk();
        bool fails = true;
        desk.Answers.Add((number, _) => fails ? throw new RpcException(RpcStatusCode.Unavailable, "Down.") : ValueTask.FromResult(number));
        ResiliencePipeline pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<RpcException>(error => error.StatusCode is RpcStatusCode.Unavailable),
                MinimumThroughput = 3,
                SamplingDuration = TimeSpan.FromSeconds(10),
                BreakDuration = TimeSpan.FromSeconds(5),
            })
            .Build();
        await using Peers peers = await Peers.StartAsync<IDesk>(desk, static (_, _) => { });
        var options = new ClientOptions { MaxRetries = 0 };
        options.Interceptors.Add(new CircuitBreakerInterceptor(pipeline));
        IDesk proxy = peers.Connect<IDesk>(options: options);
        for (int i = 0; i < 5; i++)
        {
            await Assert.ThrowsAsync<RpcException>(() => proxy.AskAsync(1, Token).AsTask());
        }

        Assert.Equal(3, desk.Asked);
        fails = false;
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, await proxy.AskAsync(1, Token));
    }

    [Fact]
    public void Recipe_in_the_documents_is_the_one_that_is_tested()
    {
        string folder = Path.GetDirectoryName(Here())!;
        string recipe = File.ReadAllText(Path.Combine(folder, "CircuitBreakerInterceptor.cs"));
        string page = File.ReadAllText(Path.Combine(folder, "..", "..", "docs", "policies.md"));
        Assert.Contains(recipe[recipe.IndexOf("public sealed class", StringComparison.Ordinal)..].TrimEnd(), page, StringComparison.Ordinal);
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
