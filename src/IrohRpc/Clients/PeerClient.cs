using IrohRpc.CompilerServices;

namespace IrohRpc;

/// <summary>A connection to a peer's service, made by <c>ConnectAsync</c>.</summary>
/// <typeparam name="T">The contract.</typeparam>
/// <remarks>
/// It does not reconnect: when the connection ends, calls fail with <see cref="RpcStatusCode.Unavailable"/> and <see cref="PeerConnection.Closed"/>
/// says why. Disposing closes the connection. All members are safe to call from several threads at once.
/// </remarks>
public sealed class PeerClient<T> : IAsyncDisposable
    where T : class, IContract<T>
{
    internal PeerClient(RpcConnection rpc)
    {
        Rpc = rpc;
        Service = rpc.GetProxy<T>();
    }

    /// <summary>The peer's service.</summary>
    public T Service { get; }

    /// <summary>The calls of the connection, in both directions.</summary>
    public RpcConnection Rpc { get; }

    /// <summary>The connection: who the peer is, the ALPN agreed on, the transport, and how it ends.</summary>
    public PeerConnection Connection => Rpc.Connection;

    /// <summary>Closes the connection.</summary>
    public ValueTask DisposeAsync() => Rpc.DisposeAsync();
}
