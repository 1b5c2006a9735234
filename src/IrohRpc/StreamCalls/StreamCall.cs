using IrohRpc.CompilerServices;

namespace IrohRpc.StreamCalls;

/// <summary>Sends a call on a stream of its own.</summary>
internal static class StreamCall
{
    /// <summary>Makes a call on a stream of its own, up to the head of its response. Never throws.</summary>
    /// <param name="connection">The connection, which has counted the call.</param>
    /// <param name="call">The call.</param>
    /// <param name="turn">The call's turn, which a lane announces; -1 for none.</param>
    public static async Task RunAsync(RpcConnection connection, OutgoingCall call, long turn)
    {
        bool isOneWay = call.IsOneWay;
        CallInvoker invoker = call.Invoker;
        bool goesOn = false;
        try
        {
            PeerStream stream = await connection.OpenStreamAsync(call.GivingUp).ConfigureAwait(false);
            var opened = new ClientStream(call, connection, stream);
            call.Streams.Opened = opened;
            if (call.TakenBy(opened, 0))
            {
                goesOn = await opened.RunAsync(turn).ConfigureAwait(false);
            }
            else
            {
                connection.SkipTurn(turn);
                call.ForgetObjects();
                await opened.CloseAsync().ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            // No stream could be opened: the peer has not seen the call.
            connection.SkipTurn(turn);
            call.ForgetObjects();
            call.Failed(exception is OperationCanceledException && call.Reason is { } reason ? reason : RpcErrors.NotStarted(call.Method, exception));
        }
        finally
        {
            if (!goesOn)
            {
                connection.StreamCallEnded(isOneWay);
                invoker.StreamCallEnded();
            }
        }
    }
}
