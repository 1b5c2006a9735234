namespace IrohRpc.Samples.Tests.Servers;

/// <summary>The real servers, each started when the first test asks for it and kept for all that follow.</summary>
public sealed class RealServers : IAsyncDisposable
{
    private readonly Lazy<Task<WebServer>> _web = new(WebServer.StartAsync);
    private readonly Lazy<Task<RedisServer>> _redis = new(RedisServer.StartAsync);
    private readonly Lazy<Task<PostgresServer>> _postgres = new(PostgresServer.StartAsync);

    /// <summary>nginx; skips the test where it is not installed.</summary>
    internal Task<WebServer> WebAsync() => _web.Value;

    /// <summary>Redis; skips the test where it is not installed.</summary>
    internal Task<RedisServer> RedisAsync() => _redis.Value;

    /// <summary>PostgreSQL; skips the test where it is not installed.</summary>
    internal Task<PostgresServer> PostgresAsync() => _postgres.Value;

    public async ValueTask DisposeAsync()
    {
        await EndAsync(_web);
        await EndAsync(_redis);
        await EndAsync(_postgres);
    }

    private static async Task EndAsync<T>(Lazy<Task<T>> server)
        where T : IAsyncDisposable
    {
        if (server is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await server.Value).DisposeAsync();
        }
    }
}
