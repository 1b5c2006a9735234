namespace IrohRpc.Tests.Shared.Iroh;

/// <summary>What iroh says went wrong.</summary>
internal sealed class IrohException(string message) : Exception(message);
