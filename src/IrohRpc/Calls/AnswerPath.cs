using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>The way back to a caller: a lane, or the call's own stream.</summary>
internal abstract class AnswerPath
{
    /// <summary>Starts a call on a thread of its own choosing.</summary>
    public abstract void Launch(IncomingCall call);

    /// <summary>Sends the answer and forgets the call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="fields">The answer's fields.</param>
    /// <param name="result">The result; empty where there is none.</param>
    public abstract void Answer(IncomingCall call, RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result);
}
