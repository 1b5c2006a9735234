namespace IrohRpc.Relay.Internal;

/// <summary>A client broke the protocol or its limits, and its session ends.</summary>
/// <param name="message">What it did.</param>
internal sealed class RelayProtocolException(string message) : Exception(message);
