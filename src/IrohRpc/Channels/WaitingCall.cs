using IrohRpc.CompilerServices;

namespace IrohRpc.Channels;

/// <summary>A call, or somebody else, that waits for a connection.</summary>
/// <param name="Call">The call; null for somebody else.</param>
/// <param name="Waiter">Who waits for the connection itself.</param>
/// <param name="Until">Up to which timestamp dials that fail are waited out; zero for not at all.</param>
internal readonly record struct WaitingCall(OutgoingCall? Call, TaskCompletionSource<PeerRpcConnection>? Waiter, long Until)
{
    public bool IsOver => Call?.IsFinished ?? Waiter!.Task.IsCompleted;

    public void Send(PeerRpcConnection rpc)
    {
        if (Call is { } call)
        {
            rpc.Send(call, 0);
        }
        else
        {
            Waiter!.TrySetResult(rpc);
        }
    }

    public void Fail(Exception failure)
    {
        if (Call is { } call)
        {
            Fail(call, failure);
        }
        else
        {
            Waiter!.TrySetException(failure);
            _ = Waiter.Task.Exception;
        }
    }

    /// <summary>Fails a call with what the dial failed with. Another try at once would fail with it as well.</summary>
    public static void Fail(OutgoingCall call, Exception failure)
    {
        call.Retries = int.MaxValue;
        call.Failed(failure is PeerException exception ? RpcErrors.NotStarted(call.Method, exception) : failure);
    }
}
