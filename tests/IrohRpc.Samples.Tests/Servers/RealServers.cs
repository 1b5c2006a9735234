namespace IrohRpc.Samples.Tests.Servers;

/// <summary>The real servers, each started when the first test asks for it and kept for all that follow.</summary>
public sealed class RealServers : IAsyncDisposable
{
    private Task<WebServer>? _web;
    private Task<RedisServer>? _redis;
    private Task<PostgresServer>? _postgres;

    /// <summary>nginx; skips the test where it is not installed.</summary>
    internal Task<WebServer> WebAsync() => _web ??= WebServer.StartAsync();

    /// <summary>Redis; skips the test where it is not installed.</summary>
    internal Task<RedisServer> RedisAsync() => _redis ??= RedisServer.StartAsync();

    /// <summary>PostgreSQL; skips the test where it is not installed.</summary>
    internal Task<PostgresServer> PostgresAsync() => _postgres ??= PostgresServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_web is { IsCompletedSuccessfully: true })
        {
            await (await _web).DisposeAsync();
        }

        if (_redis is { IsCompletedSuccessfully: true })
        {
            await (await _redis).DisposeAsync();
        }

        if (_postgres is { IsCompletedSuccessfully: true })
        {
            await (await _postgres).DisposeAsync();
        }
    }
}
