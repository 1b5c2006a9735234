namespace IrohRpc;

/// <summary>How an endpoint stands with its home relay: the one at which peers reach it where they reach it in no other way.</summary>
/// <param name="Url">The relay; null while none of those that the endpoint was given has answered.</param>
/// <param name="IsConnected">Whether there is a connection to it now. Without one the endpoint dials it again and again.</param>
public sealed record HomeRelayStatus(Uri? Url, bool IsConnected);
