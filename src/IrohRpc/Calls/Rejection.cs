namespace IrohRpc.Calls;

/// <summary>Why a request is answered without its handler having run.</summary>
/// <param name="Status">The code.</param>
/// <param name="Message">A sentence for the caller.</param>
internal sealed record Rejection(RpcStatusCode Status, string Message);
