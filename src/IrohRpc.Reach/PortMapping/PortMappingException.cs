namespace IrohRpc.Reach.PortMapping;

/// <summary>A router doesn't speak a protocol, refuses, or answers nonsense.</summary>
internal class PortMappingException(string message, Exception? inner = null) : Exception(message, inner);
