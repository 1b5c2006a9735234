namespace IrohRpc.Internal;

/// <summary>Whom a call is for: an object at the other end of a connection.</summary>
/// <param name="Connection">The connection.</param>
/// <param name="Number">The object's number there; zero for the service that the ALPN names.</param>
internal readonly record struct CallTarget(RpcConnection Connection, long Number);
