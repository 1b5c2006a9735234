using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tls.Keys;

namespace IrohRpc.Quic.Tls.Resumption;

/// <summary>What a client remembers of a connection so that a later one can resume it (RFC 8446, section 2.2).</summary>
/// <remarks>To be used for one connection only: a ticket used twice lets observers link the two (RFC 8446, appendix C.4).</remarks>
internal sealed class TlsSession : IDisposable
{
    private readonly SecretBytes _psk;

    /// <summary>Makes a session.</summary>
    /// <param name="psk">The pre-shared key, which the session owns.</param>
    public TlsSession(SecretBytes psk) => _psk = psk;

    /// <summary>The cipher suite of the connection; its hash is the PSK's.</summary>
    public required CipherSuite Suite { get; init; }

    /// <summary>Who the server proved to be.</summary>
    public required EndpointId PeerId { get; init; }

    /// <summary>The ticket.</summary>
    public required byte[] Ticket { get; init; }

    /// <summary>What is added to the ticket's age.</summary>
    public required uint AgeAdd { get; init; }

    /// <summary>When the ticket arrived.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>For how long the ticket may be used from then on.</summary>
    public required TimeSpan Lifetime { get; init; }

    /// <summary>The application protocol, which 0-RTT data is sent under.</summary>
    public required string Alpn { get; init; }

    /// <summary>The server's transport parameters, which bound 0-RTT data.</summary>
    public required byte[] TransportParameters { get; init; }

    /// <summary>Whether the server takes 0-RTT data with the ticket.</summary>
    public required bool AllowsEarlyData { get; init; }

    /// <summary>The pre-shared key.</summary>
    public ReadOnlySpan<byte> Psk => _psk.Span;

    /// <summary>Whether the ticket may still be used.</summary>
    /// <param name="now">The time.</param>
    public bool IsUsable(DateTimeOffset now) => now >= ReceivedAt && now - ReceivedAt < Lifetime;

    /// <summary>Wipes the key.</summary>
    public void Dispose() => _psk.Dispose();
}
