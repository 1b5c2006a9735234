namespace IrohRpc.Multiplexing;

/// <summary>The codes of QUIC's transport with which a connection is closed (RFC 9000, section 20.1).</summary>
internal enum TransportErrorCode : long
{
    NoError = 0x00,
    InternalError = 0x01,
    FlowControlError = 0x03,
    StreamLimitError = 0x04,
    StreamStateError = 0x05,
    FinalSizeError = 0x06,
    FrameEncodingError = 0x07,
    TransportParameterError = 0x08,
    ProtocolViolation = 0x0a,
    ApplicationError = 0x0c,
}
