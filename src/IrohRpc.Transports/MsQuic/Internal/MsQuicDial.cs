using System.Net;
using System.Net.Quic;
using System.Runtime.Versioning;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>One attempt to reach a peer: the QUIC handshake and the acceptor's word that it took it, within the handshake time-out.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class MsQuicDial : DialAttempt<MsQuicDialFailure>
{
    private readonly IPEndPoint _endPoint;
    private readonly MsQuicStreamCredit _credit = new();
    private readonly bool _hasControlStreams;

    public MsQuicDial(TransportAddress address, IPEndPoint endPoint, DialRequest request)
        : base(address, request, "shaking hands", static (where, peer, alpns) => new MsQuicDialFailure(where, peer, alpns))
    {
        _hasControlStreams = MsQuicAddress.TryGetEndPoint(address, out _);
        _endPoint = endPoint;
    }

    protected override async Task<PeerConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        QuicConnection quic = await ShakeHandsAsync(cancellationToken).ConfigureAwait(false);
        Stage = "waiting for the acceptor to take the connection";
        MsQuicPeerConnection connection = await CreateAsync(quic).ConfigureAwait(false);
        try
        {
            ConnectionEnd? end = await connection.WaitUntilAcceptedAsync(cancellationToken).ConfigureAwait(false);
            return end is null ? connection : throw Failure.FromEnd(end, Authentication);
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
            MsQuicOptions.ForDialler(Request.Settings, _endPoint, Authentication, Alpns, _credit, _hasControlStreams);
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
            throw Failure.From(exception, Authentication);
        }
    }

    private async Task<MsQuicPeerConnection> CreateAsync(QuicConnection quic)
    {
        if (Alpns.Find(quic.NegotiatedApplicationProtocol) is { } alpn && Authentication.IsVerified)
        {
            return new MsQuicPeerConnection(quic, firstStream: null, new MsQuicConnectionFacts
            {
                PeerId = Authentication.PeerId,
                Alpn = alpn,
                IsDialler = true,
                HasControlStreams = _hasControlStreams,
                RemoteAddress = Address,
                LocalAddress = MsQuicPeerListener.ToAddress(quic.LocalEndPoint),
                Settings = Request.Settings,
                Credit = _credit,
            });
        }

        await quic.DisposeAsync().ConfigureAwait(false);
        throw new PeerException(
            PeerErrorKind.AuthenticationFailed,
            $"Dialling peer {Request.PeerId.ToShortString()} at {Address.Describe()} failed: MsQuic reports neither a certificate nor an ALPN.");
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
