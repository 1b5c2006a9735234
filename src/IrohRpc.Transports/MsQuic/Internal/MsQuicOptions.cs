using System.Net;
using System.Net.Quic;
using System.Net.Security;
using System.Numerics;
using System.Runtime.Versioning;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Transports.MsQuic.Internal;

/// <summary>Says to System.Net.Quic what the settings of an endpoint say.</summary>
[SupportedOSPlatform("linux")]
[SupportedOSPlatform("macos")]
[SupportedOSPlatform("windows")]
internal static class MsQuicOptions
{
    // A dial that times out of itself is released in the background; one that System.Net.Quic times out holds its caller until the native
    // connection is gone, which takes seconds where nobody answers.
    private static readonly TimeSpan NativeTimeoutMargin = TimeSpan.FromSeconds(5);

    public static QuicClientConnectionOptions ForDialler(
        TransportSettings settings, IPEndPoint remote, PeerAuthentication authentication, AlpnList alpns, MsQuicStreamCredit credit, bool hasControlStreams)
    {
        var options = new QuicClientConnectionOptions
        {
            RemoteEndPoint = remote,
            ClientAuthenticationOptions = authentication.CreateClientOptions(alpns),
        };

        // By this name MsQuic lets the dialler through to a listener whatever else it serves, which then says itself that it serves nothing yet, or
        // nothing of what is offered. MsQuic alone would say the latter in both cases. No handshake agrees on it.
        if (hasControlStreams)
        {
            options.ClientAuthenticationOptions.ApplicationProtocols!.Add(new SslApplicationProtocol(MsQuicPeerListener.PortHolder));
        }

        Apply(settings, credit, options, hasControlStreams);
        options.HandshakeTimeout = settings.HandshakeTimeout + NativeTimeoutMargin;
        return options;
    }

    public static QuicServerConnectionOptions ForAcceptor(
        TransportSettings settings, SslServerAuthenticationOptions authentication, MsQuicStreamCredit credit, bool hasControlStreams)
    {
        var options = new QuicServerConnectionOptions { ServerAuthenticationOptions = authentication };
        Apply(settings, credit, options, hasControlStreams);
        options.HandshakeTimeout = settings.HandshakeTimeout;
        return options;
    }

    private static void Apply(TransportSettings settings, MsQuicStreamCredit credit, QuicConnectionOptions options, bool hasControlStreams)
    {
        int streamWindow = RoundUp(settings.FirstStreamWindow);
        options.MaxInboundBidirectionalStreams = settings.MaxInboundBidirectionalStreams;

        // One more, for the peer's control stream.
        options.MaxInboundUnidirectionalStreams = settings.MaxInboundUnidirectionalStreams + (hasControlStreams ? 1 : 0);
        options.DefaultStreamErrorCode = PeerStream.CancelledErrorCode;
        options.DefaultCloseErrorCode = 0;
        options.IdleTimeout = settings.IdleTimeout;
        options.KeepAliveInterval = settings.KeepAliveInterval;
        options.StreamCapacityCallback = credit.Add;
        options.InitialReceiveWindowSizes = new QuicReceiveWindowSizes
        {
            Connection = RoundUp(settings.ConnectionReceiveWindow),
            LocallyInitiatedBidirectionalStream = streamWindow,
            RemotelyInitiatedBidirectionalStream = streamWindow,
            UnidirectionalStream = streamWindow,
        };
    }

    private static int RoundUp(int window) => (int)BitOperations.RoundUpToPowerOf2((uint)window);
}
