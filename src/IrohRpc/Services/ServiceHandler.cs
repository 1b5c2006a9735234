namespace IrohRpc.Internal;

/// <summary>Serves a contract on each connection that a router hands over.</summary>
internal sealed class ServiceHandler(Func<RpcConnection, ServiceBinding> bind, RpcOptions options) : IProtocolHandler
{
    // How long a peer that has all its answers may take to say so; nothing is lost after it but a peer that is gone.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    public async ValueTask HandleAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        RpcConnection rpc = RpcConnection.Start(connection, bind, options);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), stopping))
        {
            await Task.WhenAny(connection.Closed, stopping.Task).ConfigureAwait(false);
        }

        if (!connection.Closed.IsCompleted)
        {
            await rpc.DrainAsync().ConfigureAwait(false);
            await ((Task)connection.Closed).WaitAsync(Farewell, options.TimeProvider, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await connection.CloseAsync(0, "shutting down", CancellationToken.None).ConfigureAwait(false);
        }

        await rpc.Completion.ConfigureAwait(false);
    }
}
