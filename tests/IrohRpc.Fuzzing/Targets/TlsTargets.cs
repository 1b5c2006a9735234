using IrohRpc.Identity;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Tests.Tls;
using IrohRpc.Quic.Tls.Alerts;
using IrohRpc.Quic.Tls.Authentication;
using IrohRpc.Quic.Tls.Messages;
using IrohRpc.Quic.Tls.Resumption;

namespace IrohRpc.Fuzzing;

/// <summary>TLS 1.3 of our own: each message by itself, and both state machines.</summary>
internal static class TlsTargets
{
    private static readonly TicketKeys Tickets = new(TimeProvider.System, new byte[32]);

    private static readonly Lazy<List<(bool IsToServer, EncryptionLevel Level, byte[] Data)>> Flights = new(Record);

    private static OfferedExtensions Offered => field ??= OfferedExtensions.Of(Message(isToServer: true, HandshakeType.ClientHello));

    public static IEnumerable<FuzzTarget> All =>
    [
        new("tls-client-hello", Reads(static input => ClientHello.Read(input)), () => [Message(true, HandshakeType.ClientHello)]),
        new("tls-server-hello", Reads(static input => ServerHello.Read(input, Offered)), () => [Message(false, HandshakeType.ServerHello)]),
        new("tls-encrypted-extensions", Reads(static input => EncryptedExtensions.Read(input, Offered)), () => [Message(false, HandshakeType.EncryptedExtensions)]),
        new("tls-certificate-request", Reads(static input => CertificateRequestMessage.Read(input)), () => [Message(false, HandshakeType.CertificateRequest)]),
        new("tls-certificate", Reads(static input => CertificateMessage.Read(input, Offered, isFromClient: false)), () => [Message(false, HandshakeType.Certificate)]),
        new("tls-certificate-verify", Reads(static input => CertificateVerifyMessage.Read(input, out _)), () => [Message(false, HandshakeType.CertificateVerify)]),
        new("tls-new-session-ticket", Reads(static input => NewSessionTicketMessage.Read(input)), () => [Message(false, HandshakeType.NewSessionTicket)]),
        new("tls-sealed-ticket", static input => Tickets.Open(input)?.Dispose(), static () => [new byte[100]]),
        new("tls-ticket-content", static input => TicketContent.Decode(input)?.Dispose(), static () => [new byte[120]]),
        new("tls-raw-public-key", ReadRawPublicKey, static () => [RawPublicKey.Encode(IdentityTargets.Key.Id)]),
        new("tls-server", static input => Handshake(toServer: true, input), () => SeedsOf(toServer: true)) { FreeBytes = 4 * 1024 * 1024, Bounded = 300 },
        new("tls-client", static input => Handshake(toServer: false, input), () => SeedsOf(toServer: false)) { FreeBytes = 4 * 1024 * 1024, Bounded = 300 },
    ];

    private static FuzzAction Reads(FuzzAction read) => input =>
    {
        // The state machines hand whole messages on.
        if (input.Length < 4)
        {
            return;
        }

        try
        {
            read(input);
        }
        catch (TlsAlertException)
        {
            // What it should say of it.
        }
    };

    private static void ReadRawPublicKey(ReadOnlySpan<byte> input)
    {
        try
        {
            EndpointId id = RawPublicKey.Decode(input);
            FuzzTargets.Require(RawPublicKey.Encode(id).AsSpan().SequenceEqual(input), "a key has more than one encoding");
        }
        catch (TlsAlertException)
        {
            // What it should say of it.
        }
    }

    // The first byte says which flight is replaced.
    private static void Handshake(bool toServer, ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        int which = input[0] % 4;
        byte[] data = input[1..].ToArray();
        using var pair = new HandshakePair();
        pair.Tamper = (isToServer, _, flight) => isToServer == toServer && which-- == 0 ? data : flight;
        try
        {
            pair.Run();
        }
        catch (TlsAlertException)
        {
            // What it should say of it.
        }

        if (pair.Client.IsComplete)
        {
            FuzzTargets.Require(pair.Client.PeerId == pair.ServerId, "the client believes somebody else");
        }

        if (pair.Server.IsComplete)
        {
            FuzzTargets.Require(pair.Server.PeerId == pair.ClientId, "the server believes somebody else");
        }
    }

    private static IEnumerable<byte[]> SeedsOf(bool toServer)
        => Flights.Value.Where(flight => flight.IsToServer == toServer).Select(static (flight, index) => (byte[])[(byte)index, .. flight.Data]);

    private static byte[] Message(bool isToServer, HandshakeType type)
    {
        foreach ((bool direction, _, byte[] data) in Flights.Value)
        {
            for (int at = 0; direction == isToServer && at + 4 <= data.Length;)
            {
                int length = 4 + ((data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3]);
                if (data[at] == (byte)type)
                {
                    return data[at..(at + length)];
                }

                at += length;
            }
        }

        return [(byte)type, 0, 0, 0];
    }

    private static List<(bool IsToServer, EncryptionLevel Level, byte[] Data)> Record()
    {
        var flights = new List<(bool, EncryptionLevel, byte[])>();
        using var pair = new HandshakePair();
        pair.Tamper = (isToServer, level, data) =>
        {
            flights.Add((isToServer, level, data));
            return data;
        };
        pair.Run();
        return flights;
    }
}
