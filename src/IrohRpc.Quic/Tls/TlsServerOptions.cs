using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Quic.Tls;

/// <summary>What a server's handshake is told.</summary>
internal sealed class TlsServerOptions : TlsOptions
{
    /// <summary>Whether clients have to prove who they are. A server that doesn't ask neither admits by id nor issues tickets.</summary>
    public bool AsksWho { get; init; } = true;

    /// <summary>What seals tickets; null to issue and accept none.</summary>
    public TicketKeys? TicketKeys { get; init; }

    /// <summary>How many tickets a client gets that wants any.</summary>
    public int TicketCount { get; init; } = 2;

    /// <summary>What keeps 0-RTT data from being accepted twice; null, the default, to accept none.</summary>
    public EarlyDataReplayFilter? EarlyData { get; init; }

    /// <summary>
    /// What must be the same when 0-RTT data arrives as when the ticket was issued: the limits in the transport parameters that a client relies on (RFC 9000,
    /// section 7.4.1), and whatever else the application's 0-RTT depends on.
    /// </summary>
    public byte[] EarlyDataContext { get; init; } = [];

    /// <summary>Decides about a client that has proved who it is, before the handshake is complete; null admits everybody.</summary>
    public Func<EndpointId, bool>? AdmitPeer { get; init; }
}
