namespace IrohRpc;

/// <summary>How a connection ended: what <see cref="PeerConnection.Closed"/> yields.</summary>
/// <param name="Kind">
/// <see cref="PeerErrorKind.ClosedLocally"/>, <see cref="PeerErrorKind.ClosedByPeer"/>, <see cref="PeerErrorKind.IdleTimeout"/>,
/// <see cref="PeerErrorKind.ConnectionLost"/>, <see cref="PeerErrorKind.ProtocolViolation"/> or <see cref="PeerErrorKind.Unknown"/>.
/// </param>
/// <param name="ErrorCode">The code it was closed with, the application's or the protocol's; null where nobody gave one.</param>
/// <param name="Reason">The reason that came with the code, escaped with <see cref="PeerText"/>; empty where none did.</param>
/// <param name="Exception">What the transport reported, if anything.</param>
public sealed record ConnectionEnd(PeerErrorKind Kind, long? ErrorCode, string Reason, Exception? Exception = null)
{
    /// <summary>The reason that came with the code, escaped with <see cref="PeerText"/>; empty where none did.</summary>
    public string Reason { get; init; } = PeerText.Escape(Reason);

    /// <summary>
    /// Whether the peer turned the connection away after the handshake: it closed it with <see cref="ConnectionErrorCodes.Refused"/> or
    /// <see cref="ConnectionErrorCodes.Busy"/>.
    /// </summary>
    public bool IsRefusal => Kind == PeerErrorKind.ClosedByPeer && ErrorCode is ConnectionErrorCodes.Refused or ConnectionErrorCodes.Busy;

    /// <summary>
    /// The exception that an operation on the ended connection throws: a new one for each, so that stacks tell the truth.
    /// A refusal has <see cref="PeerErrorKind.Refused"/>.
    /// </summary>
    /// <param name="peer">Whose connection it was, for the message.</param>
    public PeerException ToException(EndpointId peer)
    {
        string who = peer.ToShortString();
        string reason = Reason.Length == 0 ? "no reason given" : $"\"{Reason}\"";
        string message = Kind switch
        {
            PeerErrorKind.ClosedByPeer when IsRefusal => $"Peer {who} refused the connection ({reason}).",
            PeerErrorKind.ClosedLocally => $"The connection to {who} was closed on this side with code {ErrorCode} ({reason}).",
            PeerErrorKind.ClosedByPeer => $"Peer {who} closed the connection with code {ErrorCode} ({reason}).",
            PeerErrorKind.IdleTimeout => $"Nothing was heard from peer {who} for the idle time-out; the connection is given up.",
            PeerErrorKind.ProtocolViolation => $"The connection to {who} broke the transport's rules (code {ErrorCode}, {reason}).",
            _ => $"The connection to {who} was lost{(Exception is null ? "" : $": {Exception.Message}")}",
        };
        return new PeerException(IsRefusal ? PeerErrorKind.Refused : Kind, message, ErrorCode, Exception) { Reason = Reason };
    }
}
