namespace IrohRpc.Quic.Tls.Alerts;

/// <summary>The handshake failed. The connection closes with <see cref="ErrorCode"/>.</summary>
internal sealed class TlsAlertException : Exception
{
    private const ulong CryptoError = 0x100;
    private const ulong ProtocolViolationCode = 0x0a;

    /// <summary>Fails with an alert.</summary>
    /// <param name="alert">The alert to tell the peer.</param>
    /// <param name="message">What was wrong, for a person; it may be sent to the peer and holds no secret.</param>
    /// <param name="innerException">The exception behind it, if any.</param>
    public TlsAlertException(AlertDescription alert, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Alert = alert;
        ErrorCode = CryptoError + (ulong)alert;
    }

    private TlsAlertException(ulong errorCode, string message)
        : base(message) => ErrorCode = errorCode;

    /// <summary>The alert, or null where the violation is one of QUIC's rules about TLS.</summary>
    public AlertDescription? Alert { get; }

    /// <summary>Who answered instead of the peer that was dialled; null where that is not the reason.</summary>
    public EndpointId? ClaimedPeer { get; init; }

    /// <summary>The error code of the CONNECTION_CLOSE frame (RFC 9000, section 20.1).</summary>
    public ulong ErrorCode { get; }

    /// <summary>Fails with PROTOCOL_VIOLATION, where RFC 9001 asks for that instead of an alert.</summary>
    /// <param name="message">What was wrong.</param>
    public static TlsAlertException ProtocolViolation(string message) => new(ProtocolViolationCode, message);

    /// <summary>Fails with <c>illegal_parameter</c>.</summary>
    /// <param name="message">What was wrong.</param>
    public static TlsAlertException Illegal(string message) => new(AlertDescription.IllegalParameter, message);

    /// <summary>Fails with <c>decode_error</c>.</summary>
    /// <param name="message">What was wrong.</param>
    public static TlsAlertException Malformed(string message) => new(AlertDescription.DecodeError, message);

    /// <summary>Fails with <c>missing_extension</c>.</summary>
    /// <param name="message">What was wrong.</param>
    public static TlsAlertException Missing(string message) => new(AlertDescription.MissingExtension, message);
}
