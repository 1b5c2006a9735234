using System.Net;
using System.Net.Sockets;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Endpoints;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Tls;
using IrohRpc.Quic.Tls.Resumption;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>One attempt to reach a peer.</summary>
internal sealed class QuicDial
{
    private readonly TransportAddress _address;
    private readonly Func<QuicNode, QuicEndpoint> _endpoint;
    private readonly UdpAddress _remote;
    private readonly DialRequest _request;
    private readonly QuicTransportOptions _options;
    private readonly AlpnList _alpns;
    private readonly QuicDialFailure _failure;

    /// <summary>Prepares a dial over UDP.</summary>
    public QuicDial(TransportAddress address, IPEndPoint endPoint, DialRequest request, QuicTransportOptions options)
        : this(address, UdpAddress.From(endPoint), node => node.GetForDial(endPoint, options), request, options)
    {
    }

    /// <summary>Prepares a dial.</summary>
    /// <param name="address">The address as the caller knows it.</param>
    /// <param name="remote">Where datagrams go.</param>
    /// <param name="endpoint">Gives what they leave from, which the dial releases.</param>
    /// <param name="request">Whom to expect there and what to offer.</param>
    /// <param name="options">The transport's options.</param>
    public QuicDial(
        TransportAddress address, in UdpAddress remote, Func<QuicNode, QuicEndpoint> endpoint, DialRequest request, QuicTransportOptions options)
    {
        _address = address;
        _remote = remote;
        _endpoint = endpoint;
        _request = request;
        _options = options;
        _alpns = AlpnList.ForDialler(request.Alpns);
        _failure = new QuicDialFailure(address.Describe(), request.PeerId, _alpns);
    }

    /// <summary>Dials.</summary>
    public async Task<PeerConnection> RunAsync(CancellationToken cancellationToken)
    {
        TransportSettings settings = _request.Settings;
        DialledConnection connection = Start();
        if (connection.IsEarly)
        {
            return connection;
        }

        try
        {
            // The connection keeps the handshake's time-out itself.
            ConnectionClose? close = await connection.Handshake.WaitAsync(cancellationToken).ConfigureAwait(false);
            return close is null ? connection : throw _failure.From(close, settings.HandshakeTimeout);
        }
        catch (OperationCanceledException)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private DialledConnection Start()
    {
        TransportSettings settings = _request.Settings;
        QuicNode node = QuicNode.Of(settings);
        QuicEndpoint endpoint;
        try
        {
            endpoint = _endpoint(node);
        }
        catch (SocketException exception)
        {
            throw _failure.Unreachable(exception);
        }

        try
        {
            byte[] token = [];
            TlsSession? session = _options.ResumesSessions ? node.Peers.Take(_request.PeerId, _alpns.Names, out token) : null;

            // Whoever answers at another address may be nobody: the dial must not be won by who has not answered yet.
            string? earlyAlpn = session is { AllowsEarlyData: true } && _options.AllowsEarlyData && _request.AllowsEarlyData
                && node.Peers.WasAt(_request.PeerId, _address)
                    ? session.Alpn
                    : null;
            var connection = new DialledConnection(node, settings, _address, _request.PeerId, earlyAlpn);
            EndpointConnection io = endpoint.Connect(
                connection,
                _remote,
                ConnectionOptionsOf.Settings(settings, _options),
                (sink, parameters) => TlsHandshake.CreateClient(
                    new TlsClientOptions
                    {
                        Identity = node.Identity,
                        ExpectedPeer = _request.PeerId,
                        Alpns = _alpns.Names,
                        TransportParameters = parameters,
                        CipherSuites = _options.CipherSuites ?? TlsOptions.DefaultSuites,
                        Session = session,
                        OffersEarlyData = earlyAlpn is not null,
                        WantsTickets = _options.ResumesSessions,
                        TimeProvider = settings.TimeProvider,
                    },
                    sink),
                token);
            connection.Start(io);
            return connection;
        }
        finally
        {
            endpoint.Release();
        }
    }
}
