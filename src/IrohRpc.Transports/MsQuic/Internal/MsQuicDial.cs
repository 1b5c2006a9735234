using System.Net;
using System.Net.Quic;
using System.Runtime.Versioning;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>One attempt to reach a peer: the QUIC handshake and the acceptor's word that it took it, within the handshake time-out.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class MsQuicDial
{
    private readonly TransportAddress _address;
    private readonly IPEndPoint _endPoint;
    private readonly DialRequest _request;
    private readonly AlpnList _alpns;
    private readonly MsQuicDialFailure _failure;
    private readonly PeerAuthentication _authentication;
    private readonly MsQuicStreamCredit _credit = new();
    private readonly bool _hasControlStreams;
    private string _stage = "shaking hands";

    public MsQuicDial(TransportAddress address, IPEndPoint endPoint, DialRequest request)
    {
        string where = address.Describe();
        _address = address;
        _hasControlStreams = MsQuicAddress.TryGetEndPoint(address, out _);
        _endPoint = endPoint;
        _request = request;
        _alpns = AlpnList.ForDialler(request.Alpns);
        _failure = new MsQuicDialFailure(where, request.PeerId, _alpns);
        _authentication = PeerAuthentication.ForDialler(request.Settings, request.PeerId, where);
    }

    public Task<PeerConnection> RunAsync(CancellationToken cancellationToken) => DialDeadline.RunAsync(
        _request.Settings, ConnectAsync, exception => _failure.TimedOut(_request.Settings.HandshakeTimeout, _stage, exception), cancellationToken);

    private async Task<PeerConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        QuicConnection quic = await ShakeHandsAsync(cancellationToken).ConfigureAwait(false);
        _stage = "waiting for the acceptor to take the connection";
        MsQuicPeerConnection connection = await CreateAsync(quic).ConfigureAwait(false);
        try
        {
            ConnectionEnd? end = await connection.WaitUntilAcceptedAsync(cancellationToken).ConfigureAwait(false);
            return end is null ? connection : throw _failure.FromEnd(end, _authentication);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<QuicConnection> ShakeHandsAsync(CancellationToken cancellationToken)
    {
        QuicClientConnectionOptions options =
            MsQuicOptions.ForDialler(_request.Settings, _endPoint, _authentication, _alpns, _credit, _hasControlStreams);
        Task<QuicConnection> connecting = QuicConnection.ConnectAsync(options, cancellationToken).AsTask();
        try
        {
            return await connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // System.Net.Quic holds a cancelled dial for some round trips to say goodbye to somebody who may never answer.
            _ = ReleaseAsync(connecting);
            throw;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw _failure.From(exception, _authentication);
        }
    }

    private async Task<MsQuicPeerConnection> CreateAsync(QuicConnection quic)
    {
        if (_alpns.Find(quic.NegotiatedApplicationProtocol) is { } alpn && _authentication.IsVerified)
        {
            return new MsQuicPeerConnection(quic, firstStream: null, new MsQuicConnectionFacts
            {
                PeerId = _authentication.PeerId,
                Alpn = alpn,
                IsDialler = true,
                HasControlStreams = _hasControlStreams,
                RemoteAddress = _address,
                LocalAddress = MsQuicPeerListener.ToAddress(quic.LocalEndPoint),
                Settings = _request.Settings,
                Credit = _credit,
            });
        }

        await quic.DisposeAsync().ConfigureAwait(false);
        throw new PeerException(
            PeerErrorKind.AuthenticationFailed,
            $"Dialling peer {_request.PeerId.ToShortString()} at {_address.Describe()} failed: MsQuic reports neither a certificate nor an ALPN.");
    }

    /// <summary>Owns a dial that nobody waits for any more, until nothing is left of it. Never throws.</summary>
    private static async Task ReleaseAsync(Task<QuicConnection> connecting)
    {
        try
        {
            QuicConnection connection = await connecting.ConfigureAwait(false);
            await connection.DisposeAsync().ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The dial is given up; how it failed in the end is nobody's business.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
