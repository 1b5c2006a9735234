using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.Transport.Internal;

namespace IrohRpc.Transports;

/// <summary>
/// QUIC (RFC 9000) in managed code, on every machine that runs .NET. Peers prove who they are by raw public keys (RFC 7250) as iroh's endpoints do, or by the
/// libp2p TLS specification towards peers that know certificates only. Its addresses are IP addresses and UDP ports, and it dials those of
/// <see cref="MsQuicTransport"/> as well.
/// </summary>
/// <remarks>
/// <para>Dials of an endpoint leave from the socket that it listens on, where there is one, so that a peer sees one port for both. The acceptor's order of ALPNs
/// decides. A later connection to the same peer resumes the session of an earlier one, which spares both sides the signatures; early data is
/// sent and taken only where <see cref="QuicTransportOptions.AllowsEarlyData"/> says so.</para>
/// <para>Under load an acceptor has diallers show first that they are where they say (Retry). A process that restarts with the same key and port tells its peers at
/// once that their connections are gone.</para>
/// <para>Thread-safe; one instance serves any number of endpoints.</para>
/// </remarks>
public sealed class QuicTransport : ITransport
{
    internal const string TransportName = "quic";

    /// <summary>Makes a transport.</summary>
    /// <param name="options">What is not for every endpoint to decide; null for the defaults.</param>
    public QuicTransport(QuicTransportOptions? options = null) => Options = options ?? new QuicTransportOptions();

    /// <summary>The instance with the default options.</summary>
    public static QuicTransport Instance { get; } = new();

    /// <summary>What the transport was told.</summary>
    internal QuicTransportOptions Options { get; }

    /// <inheritdoc/>
    public string Name => TransportName;

    /// <summary>Null: it works wherever .NET does.</summary>
    public string? UnsupportedReason => null;

    /// <inheritdoc/>
    public bool CanDial(TransportAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return TryGetEndPoint(address, out _);
    }

    /// <inheritdoc/>
    public async ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (!TryGetEndPoint(address, out IPEndPoint? endPoint))
        {
            throw new PeerException(
                PeerErrorKind.TransportUnsupported, $"QUIC cannot dial {address}: it is not an IP address and port.");
        }

        return await new QuicDial(address, endPoint, request, Options).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return new ValueTask<ITransportListener>(QuicPeerListener.Start(request, Options));
        }
        catch (SocketException exception)
        {
            throw exception.SocketErrorCode is SocketError.AddressFamilyNotSupported or SocketError.ProtocolFamilyNotSupported
                ? new PeerException(
                    PeerErrorKind.TransportUnsupported,
                    $"Cannot listen on quic {request.LocalEndPoint}: this machine has no {request.LocalEndPoint.AddressFamily}.",
                    exception)
                : new PeerException(
                    PeerErrorKind.AddressInUse, $"Cannot listen on quic {request.LocalEndPoint}: {exception.Message}.", exception);
        }
    }

    private static bool TryGetEndPoint(TransportAddress address, [NotNullWhen(true)] out IPEndPoint? endPoint)
        => (MsQuicAddress.TryGetEndPoint(address, out endPoint) || (endPoint = address.ToEndPoint()) is not null) && endPoint.Port > 0;
}
