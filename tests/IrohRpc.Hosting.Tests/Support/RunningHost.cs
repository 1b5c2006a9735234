using Microsoft.Extensions.Hosting;

namespace IrohRpc.Hosting.Tests;

/// <summary>Disposes of a host as <c>RunAsync</c> does.</summary>
internal sealed class RunningHost(IHost host) : IAsyncDisposable
{
    public IHost Host => host;

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
