using System.Net.Quic;
using System.Net.Security;
using System.Runtime.Versioning;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>One incoming connection from its admission to the listener's queue.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal sealed class MsQuicHandshake : IPendingHandshake
{
    private readonly MsQuicPeerListener _listener;
    private readonly QuicConnection _quic;
    private readonly TransportAddress _remote;
    private readonly IHandshakeLease? _lease;
    private readonly AlpnList _alpns;
    private readonly PeerAuthentication _authentication;
    private readonly MsQuicStreamCredit _credit = new();
    private readonly bool _hasControlStreams;
    private Task<QuicStream>? _firstStream;
    private volatile bool _isCompleting;

    /// <summary>Prepares a handshake, which owns the lease from here on.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="quic">The connection.</param>
    /// <param name="remote">Where the dialler is.</param>
    /// <param name="lease">What admission gave for it.</param>
    /// <param name="hasControlStreams">Whether the dialler is an <see cref="MsQuicTransport"/> as well.</param>
    public MsQuicHandshake(
        MsQuicPeerListener listener, QuicConnection quic, TransportAddress remote, IHandshakeLease? lease, bool hasControlStreams)
    {
        _hasControlStreams = hasControlStreams;
        _listener = listener;
        _quic = quic;
        _remote = remote;
        _lease = lease;
        _alpns = listener.Alpns;
        Where = remote.Describe();
        _authentication = PeerAuthentication.ForAcceptor(listener.Settings, Where);
    }

    /// <summary>The dialler, for messages.</summary>
    public string Where { get; }

    /// <summary>Why the dialler's certificate was refused, where it was.</summary>
    public PeerException? Failure => _authentication.Failure;

    /// <inheritdoc/>
    public int Progress => 0;

    /// <inheritdoc/>
    public bool IsWaitingForDialler => !_isCompleting;

    /// <inheritdoc/>
    public void GiveUp() => _listener.GiveUp(_quic);

    /// <summary>
    /// The options for this handshake. MsQuic agrees on an ALPN by the list in here, whichever listener the dialler came in by.
    /// </summary>
    public QuicServerConnectionOptions CreateOptions()
    {
        SslServerAuthenticationOptions authentication = _authentication.CreateServerOptions(_alpns);
        SslStreamCertificateContext context = authentication.ServerCertificateContext!;
        authentication.ServerCertificateContext = null;

        // System.Net.Quic does not say which handshake failed. Its connection does, to whoever waits for a stream, which it allows from
        // just before it asks for the certificate.
        authentication.ServerCertificateSelectionCallback = (_, _) =>
        {
            _firstStream = _quic.AcceptInboundStreamAsync().AsTask();
            _ = WatchAsync(_firstStream);
            return context.TargetCertificate;
        };
        return MsQuicOptions.ForAcceptor(_listener.Settings, authentication, _credit, _hasControlStreams);
    }

    /// <summary>The handshake is done as far as TLS is concerned: tells the dialler so, and queues the connection.</summary>
    /// <param name="stopping">The listener's end.</param>
    /// <returns>Whether the connection was queued. Where it was not, everything is released, and the reason logged.</returns>
    public async Task<bool> CompleteAsync(CancellationToken stopping)
    {
        _isCompleting = true;
        TransportSettings settings = _listener.Settings;
        string? alpn = _alpns.Find(_quic.NegotiatedApplicationProtocol);
        if (alpn is null || !_authentication.IsVerified)
        {
            // Only an MsQuic that ignores the list of this handshake gets here.
            _listener.LogFailure(this, "it agreed on an ALPN that is no longer accepted", null);
            await TurnAwayAsync().ConfigureAwait(false);
            return false;
        }

        var connection = new MsQuicPeerConnection(_quic, _firstStream, new MsQuicConnectionFacts
        {
            PeerId = _authentication.PeerId,
            Alpn = alpn,
            IsDialler = false,
            HasControlStreams = _hasControlStreams,
            RemoteAddress = _remote,
            LocalAddress = MsQuicPeerListener.ToAddress(_quic.LocalEndPoint),
            Settings = settings,
            Credit = _credit,
            Lease = _lease,
        });
        using var timeout = new CancellationTokenSource(settings.HandshakeTimeout, settings.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            await connection.SayAcceptedAsync(either.Token).ConfigureAwait(false);
            _lease?.HandshakeCompleted(connection);
            if (_listener.TryEnqueue(connection))
            {
                return true;
            }

            await connection.CloseAsync(MsQuicTransport.RefusedErrorCode, "", CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever a stranger makes go wrong costs that stranger's connection and nothing else.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            string reason = stopping.IsCancellationRequested ? "the listener was disposed of"
                : timeout.IsCancellationRequested ? "it grants no stream for the transport itself"
                : exception.Message;
            _listener.LogFailure(this, reason, exception is PeerException or OperationCanceledException ? null : exception);
        }

        await connection.DisposeAsync().ConfigureAwait(false);
        return false;
    }

    /// <summary>Lets go of a handshake that failed.</summary>
    public void Release() => _lease?.Dispose();

    private async Task TurnAwayAsync()
    {
        try
        {
            await _quic.CloseAsync(MsQuicTransport.RefusedErrorCode).ConfigureAwait(false);
            await _quic.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            Release();
        }
    }

    private async Task WatchAsync(Task<QuicStream> firstStream)
    {
        try
        {
            await firstStream.ConfigureAwait(false);
        }
#pragma warning disable CA1031 // All of them mean that the connection is over, which is all that is asked here.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            _listener.HandshakeFailed(_quic, exception);
        }
    }
}
