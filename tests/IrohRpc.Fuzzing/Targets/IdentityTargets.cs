using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using IrohRpc.Identity;

namespace IrohRpc.Fuzzing;

/// <summary>Keys, addresses, tickets, certificates.</summary>
internal static class IdentityTargets
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    public static SecretKey Key { get; } = SecretKey.FromBytes(Enumerable.Repeat((byte)7, 32).ToArray());

    private static EndpointAddress Address { get; } = new(
        Key.Id, TransportAddress.Ip(new IPEndPoint(IPAddress.Loopback, 1)), TransportAddress.Ip(new IPEndPoint(IPAddress.IPv6Loopback, 2)), TransportAddress.Relay("https://relay.example/"),
        TransportAddress.Custom(7, [1, 2, 3]));

    public static IEnumerable<FuzzTarget> All =>
    [
        new("endpoint-ticket", ReadTicket, static () => [Text(new EndpointTicket(Address).ToString()), Text(new EndpointTicket(new EndpointAddress(Key.Id)).ToString())]),
        new("endpoint-id", ReadId, static () => [Text(Key.Id.ToString())]),
        new("endpoint-address", ReadAddress, static () => [Text(Address.ToString()), Text(new EndpointTicket(Address).ToString()), Text(Key.Id.ToString())]),
        new("secret-key", static input => SecretKey.TryParse(Encoding.Latin1.GetString(input), out SecretKey? key).Equals(key?.Id), static () => [Text(Key.ExportText())]),
        new("socket-address", ReadSocketAddress, static () => [SocketAddressEncoding.Encode(new IPEndPoint(IPAddress.Loopback, 1)), SocketAddressEncoding.Encode(new IPEndPoint(IPAddress.IPv6Any, 65535))]),
        new("certificate", ReadCertificate, Certificates) { FreeBytes = 256 * 1024, Bounded = 5_000 },
    ];

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static void ReadTicket(ReadOnlySpan<byte> input)
    {
        if (EndpointTicket.TryParse(Encoding.UTF8.GetString(input), out EndpointTicket? ticket))
        {
            FuzzTargets.Require(EndpointTicket.Parse(ticket.ToString()) == ticket, "a ticket does not come back as it went");
        }
    }

    private static void ReadId(ReadOnlySpan<byte> input)
    {
        if (EndpointId.TryParse(Encoding.UTF8.GetString(input), out EndpointId id))
        {
            FuzzTargets.Require(EndpointId.Parse(id.ToString()) == id, "an id does not come back as it went");
        }
    }

    private static void ReadAddress(ReadOnlySpan<byte> input)
    {
        if (EndpointAddress.TryParse(Encoding.UTF8.GetString(input), out EndpointAddress? address))
        {
            FuzzTargets.Require(!address.ToString().Any(char.IsControl), "an address commands a terminal");
        }
    }

    private static void ReadSocketAddress(ReadOnlySpan<byte> input)
    {
        if (SocketAddressEncoding.TryDecode(input, out IPEndPoint? endPoint))
        {
            FuzzTargets.Require(SocketAddressEncoding.TryDecode(SocketAddressEncoding.Encode(endPoint), out IPEndPoint? again) && again.Equals(endPoint), "a socket address does not come back as it went");
        }
    }

    private static void ReadCertificate(ReadOnlySpan<byte> input)
    {
        try
        {
            // Nobody but the key's owner can have signed a binding to it.
            FuzzTargets.Require(PeerCertificate.Verify(input.ToArray(), Now) == Key.Id, "a certificate proves an identity that has not signed it");
        }
        catch (PeerCertificateException)
        {
            // What it should say of it.
        }
    }

    private static IEnumerable<byte[]> Certificates()
    {
        using var source = new PeerCertificateSource(Key);
        return [source.Current.Export(X509ContentType.Cert)];
    }
}
