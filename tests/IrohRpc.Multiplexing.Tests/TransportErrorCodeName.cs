using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Tests;

/// <summary>The codes under names that a public test method may take.</summary>
public enum TransportErrorCodeName : long
{
    FlowControlError = (long)TransportErrorCode.FlowControlError,
    StreamLimitError = (long)TransportErrorCode.StreamLimitError,
    StreamStateError = (long)TransportErrorCode.StreamStateError,
    FinalSizeError = (long)TransportErrorCode.FinalSizeError,
    FrameEncodingError = (long)TransportErrorCode.FrameEncodingError,
    ProtocolViolation = (long)TransportErrorCode.ProtocolViolation,
}
