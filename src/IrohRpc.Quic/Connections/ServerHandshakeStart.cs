using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Connections;

/// <summary>What an endpoint knows of a client whose first Initial packet it takes on.</summary>
internal sealed record ServerHandshakeStart
{
    /// <summary>Where the Initial came from.</summary>
    public required NetworkPath Path { get; init; }

    /// <summary>The destination connection id of the Initial: its keys derive from it.</summary>
    public required ConnectionId Destination { get; init; }

    /// <summary>The source connection id of the Initial: the client's id.</summary>
    public required ConnectionId Source { get; init; }

    /// <summary>
    /// The destination connection id of the client's very first Initial: the same as <see cref="Destination"/>, but where a Retry came between, whose
    /// token holds it.
    /// </summary>
    public required ConnectionId OriginalDestination { get; init; }

    /// <summary>The id that a Retry gave, which is <see cref="Destination"/> then; null where there was none.</summary>
    public ConnectionId? RetrySource { get; init; }

    /// <summary>Whether a token shows that the client is where it says: otherwise no more than three times of what it sent goes there.</summary>
    public bool IsAddressValidated { get; init; }

    /// <summary>A token for the client to bring to a later connection (NEW_TOKEN); null for none.</summary>
    public byte[]? NewToken { get; init; }
}
