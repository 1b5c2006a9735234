using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Extensions.Hosting.Internal;

/// <summary>The channel of an injected client, disposed of with the container.</summary>
internal sealed class HostedClient(PeerChannel channel) : IAsyncDisposable, IDisposable
{
    public PeerChannel Channel => channel;

    public T Get<T>()
        where T : class, IContract<T>
        => channel.Get<T>();

    public ValueTask DisposeAsync() => channel.DisposeAsync();

    public void Dispose() => _ = channel.DisposeAsync().AsTask();
}
