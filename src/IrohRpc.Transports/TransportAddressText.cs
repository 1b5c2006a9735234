namespace IrohRpc.Transports;

/// <summary>How transport addresses read in messages and logs.</summary>
public static class TransportAddressText
{
    /// <summary>
    /// The address as people write it: <c>quic 127.0.0.1:4433</c>, <c>tls [::1]:4433</c>, and
    /// <see cref="TransportAddress.ToString"/> for kinds that have no such form.
    /// </summary>
    /// <param name="address">The address.</param>
    public static string Describe(this TransportAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.EndPoint is { } udp)
        {
            return $"quic {udp}";
        }

        return TlsAddress.TryGetEndPoint(address, out System.Net.IPEndPoint? tcp) ? $"tls {tcp}" : address.ToString();
    }
}
