namespace IrohRpc.Services;

/// <summary>Serves a contract on each connection that a router hands over.</summary>
internal sealed class ServiceHandler(Func<PeerRpcConnection, ServiceBinding> bind, ServiceOptions options) : IProtocolHandler
{
    public async ValueTask HandleAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        PeerRpcConnection rpc = await StartAsync(connection).ConfigureAwait(false);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), stopping))
        {
            await Task.WhenAny(connection.Closed, stopping.Task).ConfigureAwait(false);
        }

        if (!connection.Closed.IsCompleted)
        {
            await rpc.DrainAsync().ConfigureAwait(false);
            await WaitForCloseAsync(connection, rpc).ConfigureAwait(false);
            await connection.CloseAsync(0, "shutting down", CancellationToken.None).ConfigureAwait(false);
        }

        await rpc.Completion.ConfigureAwait(false);
    }

    private async ValueTask<PeerRpcConnection> StartAsync(PeerConnection connection)
    {
        try
        {
            return PeerRpcConnection.Start(connection, bind, options);
        }
        catch (RpcException exception) when (exception.StatusCode is RpcStatusCode.PermissionDenied or RpcStatusCode.Unauthenticated)
        {
            // The factory turns this peer away. No call has run, and the peer is told so.
            await connection.CloseAsync(ConnectionErrorCodes.Refused, exception.Message, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        catch (Exception)
        {
            await connection.CloseAsync(ConnectionErrorCodes.NotServed, "The service could not be made for this connection.", CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    // As long as bytes leave, the peer is reading its responses: the time counts from the last of them.
    private async ValueTask WaitForCloseAsync(PeerConnection connection, PeerRpcConnection rpc)
    {
        long unsent;
        do
        {
            unsent = rpc.Unsent;
            await ((Task)connection.Closed).WaitAsync(options.CloseTimeout, options.TimeProvider, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (!connection.Closed.IsCompleted && rpc.Unsent < unsent);
    }
}
