using System.Net;

namespace IrohRpc.Transports;

/// <summary>What a listener is to do.</summary>
/// <param name="LocalEndPoint">
/// Where to listen; port zero for any free one. A transport that has no IP addresses takes the port alone, or nothing of it.
/// </param>
/// <param name="Alpns">What to accept, first preferred; empty until <see cref="ITransportListener.SetAlpnsAsync"/> refuses all.</param>
/// <param name="Settings">As whom, and within which limits.</param>
public sealed record ListenRequest(IPEndPoint LocalEndPoint, IReadOnlyList<string> Alpns, TransportSettings Settings)
{
    /// <summary>Asked before each handshake; null admits everybody.</summary>
    public IHandshakeAdmission? Admission { get; init; }
}
