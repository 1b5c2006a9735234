namespace IrohRpc;

/// <summary>A transport that an endpoint was given and cannot use on this machine.</summary>
/// <param name="Name">The transport's name: <c>msquic</c>, <c>tls</c> or that of another.</param>
/// <param name="Reason">What is missing, and what to do about it.</param>
public sealed record UnavailableTransport(string Name, string Reason);
