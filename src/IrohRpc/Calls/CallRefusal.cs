namespace IrohRpc.Internal;

/// <summary>Why a call is answered without its handler having run.</summary>
/// <param name="Status">The code.</param>
/// <param name="Message">A sentence for the caller.</param>
internal sealed record CallRefusal(RpcStatusCode Status, string Message);
