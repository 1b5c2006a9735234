using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Quic;
using IrohRpc.Transports.MsQuic.Internal;

namespace IrohRpc.Transports;

/// <summary>
/// QUIC (RFC 9000) over UDP, by <c>System.Net.Quic</c> and the native library MsQuic. Its addresses are IP addresses and UDP ports
/// (<see cref="MsQuicAddress"/>).
/// </summary>
/// <remarks>
/// <para>Both ends authenticate by the libp2p TLS specification, sessions are never resumed, and no server name is sent. The acceptor's
/// order of ALPNs decides, and it can be changed while listening: nobody is refused meanwhile, whatever the change.</para>
///
/// <para><b>Control streams.</b> Each side's first unidirectional stream (number 2 of the dialler, 3 of the acceptor) belongs to the
/// transport; the application sees neither, and its limits do not count them: a side grants its peer one unidirectional stream more than
/// its application allows. What is on a control stream is a run of messages, each a type as a variable-length integer
/// (RFC 9000, section 16) and what belongs to it:</para>
/// <list type="table">
/// <listheader><term>type</term><description>message</description></listheader>
/// <item><term>0</term><description>
/// <b>Accepted</b>, nothing follows. The acceptor sends it first on its control stream, once, as soon as it has verified the dialler and
/// has room for the connection. In TLS 1.3 the dialler's handshake is done before the acceptor has judged the dialler's certificate;
/// a dial is done when this message is here. A dialler does not send it.
/// </description></item>
/// <item><term>1</term><description>
/// <b>Close</b>: the application's error code, then the length of the reason, 1 to 1,024 bytes, both as variable-length integers, then the reason in
/// UTF-8. It is the last message. Who receives it closes the connection with that same code (CONNECTION_CLOSE of type 0x1d), by which
/// the sender knows that it was heard; the sender waits no longer than a second for that and closes in any case. A close without a reason
/// is CONNECTION_CLOSE alone.
/// </description></item>
/// </list>
/// <para>The acceptor opens its control stream to send <b>Accepted</b>. The dialler opens its own when it needs it: to close with a reason, or
/// before the first unidirectional stream of its application. Until <b>Close</b>, neither side ends its control stream, resets it, or asks the
/// other to stop. Nor does the sender of <b>Close</b> end it: that would let one more stream of its application through. Whoever receives anything else on a control stream closes the connection with error code
/// <see cref="ControlStreamErrorCode"/>.</para>
///
/// <para><b>Together with <c>QuicTransport</c>.</b> Each dials the other: at an IP address in a ticket stands QUIC of our own, and at an
/// <see cref="MsQuicAddress"/> MsQuic. Control streams are between two of MsQuic only: a dialler has none to an IP address, and an acceptor has none with a dialler
/// that sends a server name, as iroh's diallers and ours do. Without them a close carries its code and no reason, and a dial is done when the
/// dialler's handshake is: that an acceptor turned it away shows on the connection.</para>
///
/// <para><b>Error codes</b> of the transport among those of the application: <see cref="ControlStreamErrorCode"/>, and
/// <see cref="RefusedErrorCode"/> from an acceptor that turns away a dialler whose handshake is done. Streams are cancelled and disposed
/// of with the codes that <see cref="PeerStream"/> names.</para>
///
/// <para><b>Windows.</b> MsQuic takes powers of two; <see cref="TransportSettings.StreamReceiveWindow"/> and
/// <see cref="TransportSettings.ConnectionReceiveWindow"/> are rounded up to the next.</para>
///
/// <para>Stateless; one instance serves any number of endpoints.</para>
/// </remarks>
public sealed class MsQuicTransport : ITransport
{
    /// <summary>The code of a connection whose control stream broke the rules: "IROH" in ASCII and a number.</summary>
    public const long ControlStreamErrorCode = 0x49_52_4f_48_01;

    /// <summary>The code with which an acceptor turns away a dialler after the handshake.</summary>
    public const long RefusedErrorCode = 0x49_52_4f_48_02;

    internal const string TransportName = "msquic";

    private const string MissingLibrary =
        "QUIC needs the native library libmsquic (2.4 or newer), which is not on this machine, so TLS over TCP is used instead. Install it "
        + "with the system's package manager (on Debian and Ubuntu: apt install libmsquic, from Microsoft's repository; on macOS: brew "
        + "install libmsquic; Windows 11 and Server 2022 have it), or put libmsquic.so.2 where the loader looks.";

    /// <summary>The one instance that is needed.</summary>
    public static MsQuicTransport Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => TransportName;

    /// <inheritdoc/>
    public string? UnsupportedReason => QuicListener.IsSupported && QuicConnection.IsSupported ? null : MissingLibrary;

    /// <inheritdoc/>
    public bool CanDial(TransportAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return TryGetEndPoint(address, out _);
    }

    /// <inheritdoc/>
    public ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(request);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<PeerConnection>(cancellationToken);
        }

        if (!TryGetEndPoint(address, out IPEndPoint? endPoint))
        {
            return ValueTask.FromException<PeerConnection>(new PeerException(
                PeerErrorKind.TransportUnsupported, $"MsQuic cannot dial {address}: it is not an IP address and port."));
        }

        return QuicConnection.IsSupported
            ? new ValueTask<PeerConnection>(new MsQuicDial(address, endPoint, request).RunAsync(cancellationToken))
            : ValueTask.FromException<PeerConnection>(Unsupported());
    }

    /// <inheritdoc/>
    public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<ITransportListener>(cancellationToken);
        }

        return QuicListener.IsSupported
            ? new ValueTask<ITransportListener>(MsQuicPeerListener.StartAsync(request, cancellationToken))
            : ValueTask.FromException<ITransportListener>(Unsupported());
    }

    // An address of MsQuic's own, or of another QUIC, which has no control streams.
    private static bool TryGetEndPoint(TransportAddress address, [NotNullWhen(true)] out IPEndPoint? endPoint)
        => (MsQuicAddress.TryGetEndPoint(address, out endPoint) || (endPoint = address.ToEndPoint()) is not null) && endPoint.Port > 0;

    private static PeerException Unsupported() => new(PeerErrorKind.TransportUnsupported, MissingLibrary);
}
