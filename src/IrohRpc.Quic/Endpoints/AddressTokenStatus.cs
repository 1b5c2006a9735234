namespace IrohRpc.Quic.Endpoints;

/// <summary>What a token says about a client's address.</summary>
internal enum AddressTokenStatus
{
    /// <summary>Nothing: there is none, or it is not of this endpoint's making, too old, or somebody else's.</summary>
    Unknown,

    /// <summary>The client was at this address not long ago.</summary>
    Known,

    /// <summary>The client got this endpoint's Retry.</summary>
    RetryAnswered,

    /// <summary>The token is of a Retry, but too old or somebody else's. No handshake can come of it.</summary>
    RetryInvalid,
}
