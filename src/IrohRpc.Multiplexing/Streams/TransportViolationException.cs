namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// The peer broke the protocol. It ends the connection, so that throwing costs one stack per connection at most; it never leaves
/// the state machine that owns the connection.
/// </summary>
internal sealed class TransportViolationException : Exception
{
    /// <summary>Makes the violation.</summary>
    /// <param name="code">What the protocol calls it.</param>
    /// <param name="frameType">The type of the frame at fault, zero where none is known.</param>
    /// <param name="message">What was seen, for the peer's engineers; ASCII.</param>
    public TransportViolationException(TransportErrorCode code, long frameType, string message)
        : base(message)
    {
        Code = code;
        FrameType = frameType;
    }

    /// <summary>What the protocol calls it.</summary>
    public TransportErrorCode Code { get; }

    /// <summary>The type of the frame at fault, zero where none is known.</summary>
    public long FrameType { get; }
}
