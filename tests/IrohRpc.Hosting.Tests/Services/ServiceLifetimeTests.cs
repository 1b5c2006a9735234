using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IrohRpc.Hosting.Tests;

/// <summary>For how long objects of mapped services live, and what they are disposed after.</summary>
public sealed class ServiceLifetimeTests
{
    public static TheoryData<string> Transports => ["memory", "quic", "tls"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Transports))]
    public async Task Each_call_has_a_service_and_a_scope_of_its_own(string transport)
    {
        await using Served served = await Served.StartAsync(transport, PeerServiceLifetime.Call);
        int first = await served.Bench.InstanceAsync(Cancel);
        int second = await served.Bench.InstanceAsync(Cancel);
        Assert.NotEqual(first, second);
        await served.Journal.WaitForAsync($"workpiece {second} disposed");
        Assert.Contains($"service {first} disposed", served.Journal.Written);
        Assert.Contains($"workpiece {first} disposed", served.Journal.Written);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task A_scope_outlives_the_items_that_its_call_streams(string transport)
    {
        await using Served served = await Served.StartAsync(transport, PeerServiceLifetime.Call);
        await using (IAsyncEnumerator<int> items = served.Bench.CountAsync(3, Cancel).GetAsyncEnumerator(Cancel))
        {
            for (int number = 0; number < 3; number++)
            {
                // Each item needs the gate, so that the service cannot be further than this.
                Assert.Empty(served.Journal.Written);
                served.Journal.Gate.Release();
                Assert.True(await items.MoveNextAsync());
                Assert.Equal(number, items.Current);
            }

            Assert.False(await items.MoveNextAsync());
        }

        await served.Journal.WaitForAsync("workpiece 1 disposed");
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task A_scope_ends_when_the_caller_abandons_the_items(string transport)
    {
        await using Served served = await Served.StartAsync(transport, PeerServiceLifetime.Call);
        served.Journal.Gate.Release();
        await foreach (int _ in served.Bench.CountAsync(3, Cancel))
        {
            break;
        }

        await served.Journal.WaitForAsync("workpiece 1 disposed");
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task A_result_of_bytes_is_disposed_of_before_its_scope(string transport)
    {
        await using Served served = await Served.StartAsync(transport, PeerServiceLifetime.Call);
        served.Journal.Gate.Release(10);
        await using (Stream content = await served.Bench.ContentAsync(Cancel))
        {
            var read = new byte[3];
            await content.ReadExactlyAsync(read, Cancel);
            Assert.Equal([1, 2, 3], read);
        }

        await served.Journal.WaitForAsync("workpiece 1 disposed");
        Assert.Equal(["stream disposed", "service 1 disposed", "workpiece 1 disposed"], served.Journal.Written);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task A_scope_outlives_the_items_that_the_caller_streams(string transport)
    {
        await using Served served = await Served.StartAsync(transport, PeerServiceLifetime.Call);
        Assert.Equal(4950, await served.Bench.SumAsync(Enumerable.Range(0, 100).ToAsyncEnumerable(), Cancel));
        await served.Journal.WaitForAsync("workpiece 1 disposed");
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task A_scope_ends_after_a_call_that_fails_and_after_one_that_wants_no_answer(string transport)
    {
        await using Served served = await Served.StartAsync(transport, PeerServiceLifetime.Call);
        await Assert.ThrowsAsync<RpcException>(async () => await served.Bench.FailAsync(Cancel));
        await served.Journal.WaitForAsync("workpiece 1 disposed");
        served.Bench.Note("a");
        await served.Journal.WaitForAsync("note a");
        await served.Journal.WaitForAsync("workpiece 2 disposed");
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task Each_connection_has_a_service_which_ends_with_it(string transport)
    {
        await using Served served = await Served.StartAsync(transport, PeerServiceLifetime.Connection);
        int first = await served.Bench.InstanceAsync(Cancel);
        Assert.Equal(first, await served.Bench.InstanceAsync(Cancel));
        await using (PeerEndpoint other = await PeerEndpoint.BindAsync(served.Transport.Options(), Cancel))
        {
            Assert.NotEqual(first, await other.Connect<IBench>(served.Host.Endpoint().Endpoint.Ticket).InstanceAsync(Cancel));
        }

        await served.Journal.WaitForAsync("workpiece 2 disposed");
        Assert.DoesNotContain("workpiece 1 disposed", served.Journal.Written);
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task A_singleton_answers_all_and_ends_with_the_container(string transport)
    {
        Journal journal;
        await using (Served served = await Served.StartAsync(transport, PeerServiceLifetime.Singleton, services => services.AddSingleton<Workpiece>()))
        {
            journal = served.Journal;
            Assert.Equal(await served.Bench.InstanceAsync(Cancel), await served.Bench.InstanceAsync(Cancel));
            Assert.Empty(journal.Written);
        }

        Assert.Contains("service 1 disposed", journal.Written);
    }

    [Theory]
    [InlineData(PeerServiceLifetime.Call), InlineData(PeerServiceLifetime.Connection), InlineData(PeerServiceLifetime.Singleton)]
    public async Task The_accessor_names_the_caller_whatever_the_lifetime(PeerServiceLifetime lifetime)
    {
        await using Served served = await Served.StartAsync(
            "memory",
            lifetime,
            services =>
            {
                services.AddCallContextAccessor();
                services.AddSingleton<Workpiece>();
            });
        Assert.Equal(served.Client.Id.ToString(), await served.Bench.WhoAsync(Cancel));
        Assert.Null(served.Host.Services.GetRequiredService<ICallContextAccessor>().CallContext);
    }

    [Fact]
    public async Task Without_the_accessor_no_context_flows()
    {
        await using Served served = await Served.StartAsync("memory", PeerServiceLifetime.Call);
        Assert.Equal("nobody", await served.Bench.WhoAsync(Cancel));
    }

    [Fact]
    public async Task What_the_container_throws_stays_at_the_service_and_its_scope_is_released()
    {
        await using Served served = await Served.StartAsync(
            "memory", PeerServiceLifetime.Call, services => services.AddScoped<Bench>(provider =>
            {
                _ = provider.GetRequiredService<Workpiece>();
                throw new InvalidOperationException("the connection string is secret");
            }));
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await served.Bench.HelloAsync("x", Cancel));
        Assert.Equal(RpcStatusCode.Internal, failure.StatusCode);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        await served.Journal.WaitForAsync("workpiece 1 disposed");
    }

    [Fact]
    public async Task A_connection_whose_service_cannot_be_made_is_refused_and_its_scope_released()
    {
        await using Served served = await Served.StartAsync(
            "memory", PeerServiceLifetime.Connection, services => services.AddScoped<Bench>(provider =>
            {
                _ = provider.GetRequiredService<Workpiece>();
                throw new InvalidOperationException("the connection string is secret");
            }));
        RpcException failure = await Assert.ThrowsAsync<RpcException>(async () => await served.Bench.HelloAsync("x", Cancel));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        await served.Journal.WaitForAsync("workpiece 1 disposed");
    }
}
