using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>How a request leaves and its response arrives: a lane, or a stream of the call's own. It knows nothing of retries and deadlines.</summary>
internal interface ICallPath
{
    /// <summary>The connection that the path belongs to.</summary>
    RpcConnection Connection { get; }

    /// <summary>Nobody waits for the call any more. Never throws.</summary>
    void Withdraw(OutgoingCall call);
}
