using System.Net;

namespace IrohRpc.Transports.Internal;

/// <summary>How transport addresses read in messages and logs.</summary>
internal static class TransportAddressText
{
    /// <summary>
    /// The address as people write it: <c>quic 127.0.0.1:4433</c>, <c>msquic 127.0.0.1:4433</c>, <c>tls [::1]:4433</c>, and
    /// <see cref="TransportAddress.ToString"/> for kinds that have no such form.
    /// </summary>
    public static string Describe(this TransportAddress address)
        => address.ToEndPoint() is { } quic ? $"quic {quic}"
            : TlsAddress.TryGetEndPoint(address, out IPEndPoint? tcp) ? $"tls {tcp}"
            : MsQuicAddress.TryGetEndPoint(address, out IPEndPoint? udp) ? $"msquic {udp}"
            : address.ToString();
}
