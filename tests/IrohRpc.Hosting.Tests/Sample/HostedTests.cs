using Hosted;

namespace IrohRpc.Hosting.Tests;

/// <summary>samples/Hosted, run as it is meant to be: with real processes, signals and sockets.</summary>
public sealed class HostedTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_takes_jobs_does_them_and_tells_an_operator_who_is_there()
    {
        await using var service = new HostedProcess();
        await service.StartAsync();
        Assert.Equal("Healthy", await service.GetAsync("/health/ready"));
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(cancellationToken: Cancel);
        IJobs jobs = client.Connect<IJobs>(service.Ticket);
        Task<List<Job>> watched = jobs.WatchAsync(null, Cancel).ToListAsync(Cancel).AsTask();
        var id = Guid.NewGuid();
        Job job = await jobs.SubmitAsync(id, "stressed", Cancel);
        Assert.Equal((id, client.Id), (job.Id, job.Submitter));
        Job? finished = null;
        while (finished?.Result is null)
        {
            finished = await jobs.FindAsync(id, Cancel);
        }

        Assert.Equal("desserts", finished.Result);
        Assert.Contains(client.Id.ToString(), await service.GetAsync("/peers"), StringComparison.Ordinal);
        Assert.Null(await jobs.FindAsync(Guid.NewGuid(), Cancel));

        // The stream ends with the service, and not with an error.
        await service.StopAsync();
        Assert.All(await watched, job => Assert.NotNull(job.Result));
    }

    [Fact]
    public async Task It_lets_operators_purge_as_its_settings_say_now_and_writes_no_text_of_jobs_into_its_log()
    {
        await using var service = new HostedProcess();
        const string logging = """ "Logging": { "LogLevel": { "IrohRpc.Calls": "Debug" } } """;
        await service.WriteSettingsAsync($$"""{ {{logging}} }""");
        await service.StartAsync();
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(cancellationToken: Cancel);
        IJobs jobs = client.Connect<IJobs>(service.Ticket);
        var id = Guid.NewGuid();
        await jobs.SubmitAsync(id, "the text is secret", Cancel);
        while ((await jobs.FindAsync(id, Cancel))?.Result is null)
        {
            await Task.Yield();
        }

        RpcException denied = await Assert.ThrowsAsync<RpcException>(() => jobs.PurgeAsync(Cancel).AsTask());
        Assert.Equal(RpcStatusCode.PermissionDenied, denied.StatusCode);
        await service.WriteSettingsAsync($$"""{ {{logging}}, "Jobs": { "Operators": { "Peers": ["{{client.Id}}"] } } }""");
        long purged = await Deny.WhileAsync(() => jobs.PurgeAsync(Cancel));
        Assert.Equal(1, purged);

        await service.WriteSettingsAsync($$"""{ {{logging}}, "Jobs": { "Submitters": { "Peers": ["{{service.Ticket.Address.Id}}"] } } }""");
        await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await jobs.FindAsync(id, Cancel);
            }
        });

        string line = await service.LineAsync("of IJobs.SubmitAsync ended with OK");
        Assert.Contains(client.Id.ToShortString(), line, StringComparison.Ordinal);
        await service.LineAsync("of IJobs.PurgeAsync ended with OK");
        Assert.DoesNotContain("secret", service.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_bounds_what_one_peer_may_ask_for()
    {
        await using var service = new HostedProcess();
        await service.WriteSettingsAsync("""{ "Jobs": { "Limits": { "SubmissionsPerSecond": 3, "MaxText": 10 } } }""");
        await service.StartAsync();
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(cancellationToken: Cancel);
        IJobs jobs = client.Connect<IJobs>(service.Ticket);
        RpcException tooLong = await Assert.ThrowsAsync<RpcException>(() => jobs.SubmitAsync(Guid.NewGuid(), "eleven chars", Cancel).AsTask());
        Assert.Equal(RpcStatusCode.InvalidArgument, tooLong.StatusCode);
        RpcException tooOften = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await jobs.SubmitAsync(Guid.NewGuid(), "abc", Cancel);
            }
        });
        Assert.Equal(RpcStatusCode.ResourceExhausted, tooOften.StatusCode);
    }

    [Fact]
    public async Task Restarts_under_load_lose_no_call_and_no_job()
    {
        const int callers = 4;
        await using var service = new HostedProcess();
        await service.StartAsync();
        EndpointTicket ticket = service.Ticket;
        await using PeerEndpoint client = await PeerEndpoint.BindAsync(cancellationToken: Cancel);
        IJobs jobs = client.Connect<IJobs>(ticket, new ClientOptions { WaitForReady = TimeSpan.FromMinutes(2) });
        using var stop = new CancellationTokenSource();
        long made = 0;
        Task[] load = [.. Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            // Each call is awaited, and one that fails fails the test.
            while (!stop.IsCancellationRequested)
            {
                var id = Guid.NewGuid();
                Job job = await jobs.SubmitAsync(id, "abc", Cancel);
                Assert.Equal(id, job.Id);
                Interlocked.Increment(ref made);
            }
        }))];

        for (int restart = 0; restart < 3; restart++)
        {
            await ReachAsync(Interlocked.Read(ref made) + 50);
            await service.StopAsync();
            await service.StartAsync();
            Assert.Equal(ticket.Address.Id, service.Ticket.Address.Id);
        }

        await ReachAsync(Interlocked.Read(ref made) + 50);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        JobCounts counts = await jobs.CountAsync(Cancel);
        Assert.Equal(made, counts.Waiting + counts.Done);
        TestContext.Current.SendDiagnosticMessage($"{made} calls over 3 restarts, none failed");

        async Task ReachAsync(long calls)
        {
            while (Interlocked.Read(ref made) < calls)
            {
                Task failed = await Task.WhenAny([.. load, Task.Delay(1, Cancel)]);
                Assert.False(failed.IsFaulted, failed.Exception?.ToString());
            }
        }
    }

    private static class Deny
    {
        /// <summary>Calls until the call is not denied any more.</summary>
        public static async Task<T> WhileAsync<T>(Func<ValueTask<T>> call)
        {
            while (true)
            {
                try
                {
                    return await call();
                }
                catch (RpcException exception) when (exception.StatusCode == RpcStatusCode.PermissionDenied)
                {
                    Cancel.ThrowIfCancellationRequested();
                }
            }
        }
    }
}
