using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.Memory.Internal;

/// <summary>What a dialler says first.</summary>
internal sealed record MemoryHello(EndpointId Dialler, IReadOnlyList<string> Alpns, MemoryLimits Limits);

/// <summary>What an acceptor answers.</summary>
internal sealed record MemoryWelcome(EndpointId Acceptor, string Alpn, MemoryLimits Limits);

/// <summary>Why an acceptor says no.</summary>
internal sealed record MemoryRejection(PeerErrorKind Kind, string Reason);
