using IrohRpc.Internal;

namespace IrohRpc.Channels;

/// <summary>What the error of a dial means for the calls that wanted the connection.</summary>
internal static class DialErrors
{
    /// <summary>
    /// Whether waiting may mend it. What says that the peer is there and will say the same again, or that there is nothing to dial, does not pass. A
    /// peer that turns a connection away before the handshake may do so because it starts or stops; one that names its rule afterwards means it.
    /// </summary>
    public static bool MayPass(PeerException error) => error.Kind switch
    {
        PeerErrorKind.Refused => error.ErrorCode != ConnectionErrorCodes.Refused,
        PeerErrorKind.Unreachable or PeerErrorKind.TimedOut or PeerErrorKind.ConnectionLost or PeerErrorKind.IdleTimeout or PeerErrorKind.ClosedByPeer => true,
        _ => false,
    };

    /// <summary>The same error for another who wanted the connection: each gets an exception of its own.</summary>
    public static PeerException Again(PeerException error)
        => new(error.Kind, error.Message, error.ErrorCode, error) { Reason = error.Reason };

    /// <summary>What a dial threw that no dial should: a transport of somebody else's may throw anything.</summary>
    public static PeerException Unexpected(EndpointId peer, Exception exception)
        => new(PeerErrorKind.Unknown, $"Peer {peer.ToShortString()} could not be dialled: the transport failed with {exception.GetType().Name}: {exception.SafeMessage()}", exception);
}
