namespace IrohRpc.Reach.Relay;

/// <summary>A session with a relay could not be made, or has ended.</summary>
/// <param name="message">What happened.</param>
/// <param name="isDenied">Whether the relay does not let this endpoint in.</param>
internal sealed class RelaySessionException(string message, bool isDenied = false) : Exception(message)
{
    /// <summary>Whether the relay does not let this endpoint in.</summary>
    public bool IsDenied { get; } = isDenied;
}
