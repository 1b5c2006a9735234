using IrohRpc.CompilerServices;

namespace IrohRpc.Broadcasts;

/// <summary>The way back of calls that nobody waits for.</summary>
/// <param name="broken">Takes what should not have happened.</param>
internal sealed class DiscardedResponse(Action<Exception> broken) : CallResponder
{
    public override bool ReusesCalls => true;

    public override void Launch(IncomingCall call) => throw new NotSupportedException("Calls over a topic run where they are delivered.");

    public override void Respond(IncomingCall call, RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result) => call.End(status);

    public override void Break(Exception exception) => broken(exception);
}
