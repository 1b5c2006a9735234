using System.Net;
using System.Text;
using IrohRpc.Reach.Lookup;
using IrohRpc.Reach.Lookup.Dns;
using IrohRpc.Reach.Lookup.Mdns;
using IrohRpc.Reach.Lookup.Pkarr;
using IrohRpc.Reach.Relay.Protocol;

namespace IrohRpc.Fuzzing;

/// <summary>What relays, pkarr relays, name servers and neighbours on the local network say.</summary>
internal static class ReachTargets
{
    private static readonly byte[] Challenge = new byte[16];

    private static readonly EndpointData Data = new([TransportAddress.Ip(new IPEndPoint(IPAddress.Loopback, 1)), TransportAddress.Relay("https://relay.example/")], "user data");

    public static IEnumerable<FuzzTarget> All =>
    [
        new("relay-datagrams", ReadDatagrams, RelaySeeds),
        new("relay-messages", ReadMessages, static () => [RelayMessages.Deny("no"), RelayMessages.Restarting(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)), RelayMessages.EndpointGone(IdentityTargets.Key.Id)]),
        new("relay-authentication", static input => RelayAuthentication.TryVerify(input, Challenge, out _, out _), static () => [RelayAuthentication.Prove(IdentityTargets.Key, Challenge)]),
        new("pkarr-packet", ReadSignedPacket, static () => [SignedPacket.Create(IdentityTargets.Key, Data, 1).Message.ToArray()]) { Bounded = 5_000 },
        new("dns-message", ReadDns, static () => [MdnsMessage.Query(), MdnsMessage.Answer(IdentityTargets.Key.Id, Data)]),
        new("mdns-message", ReadMdns, static () => [MdnsMessage.Query(), MdnsMessage.Answer(IdentityTargets.Key.Id, Data)]),
        new("endpoint-attributes", static input => EndpointData.FromAttributes(Encoding.UTF8.GetString(input).Split('\n')), static () => [IdentityTargets.Text(string.Join('\n', Data.ToAttributes()))]),
        new("z-base-32", ReadZBase32, static () => [IdentityTargets.Text(ZBase32.Encode(IdentityTargets.Key.Id))]),
    ];

    private static void ReadDatagrams(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty || (RelayFrameType)input[0] is not (RelayFrameType.ClientToRelayDatagram or RelayFrameType.ClientToRelayDatagramBatch))
        {
            return;
        }

        if (RelayDatagrams.TryParse(input, out RelayDatagrams datagrams, out string? problem))
        {
            byte[] copy = input.ToArray();
            RelayDatagrams.Readdress(copy, IdentityTargets.Key.Id);
            FuzzTargets.Require(RelayDatagrams.TryParse(copy, out _, out _), "datagrams cannot be read once they were readdressed");
        }
        else
        {
            RequireSafe(problem);
        }
    }

    private static void ReadMessages(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        if (RelayMessages.TryReadDenial(input, out string? reason))
        {
            FuzzTargets.Require(reason.Length <= input.Length, "a reason is longer than its message");
        }

        RelayMessages.TryReadRestarting(input, out _, out _);
    }

    // The signature keeps a fuzzer out; behind it stands the DNS message, which is what there is to read.
    private static void ReadSignedPacket(ReadOnlySpan<byte> input)
    {
        byte[] packet = [.. new byte[64], .. new byte[8], .. input];
        IdentityTargets.Key.Sign([.. Encoding.ASCII.GetBytes("3:seqi0e1:v"), .. Encoding.ASCII.GetBytes($"{input.Length}:"), .. input]).CopyTo(packet, 0);
        if (!SignedPacket.TryParse(IdentityTargets.Key.Id, packet, out _, out string? problem))
        {
            RequireSafe(problem);
        }
    }

    private static void ReadDns(ReadOnlySpan<byte> input)
    {
        if (!DnsMessageReader.TryCreate(input, out DnsMessageReader reader))
        {
            return;
        }

        int count = 0;
        while (reader.TryReadQuestion(out _, out _))
        {
            FuzzTargets.Require(++count <= input.Length, "there are more questions than bytes");
        }

        while (reader.TryReadRecord(out DnsRecord record))
        {
            FuzzTargets.Require(++count <= input.Length, "there are more records than bytes");
            reader.ReadText(record);
            reader.TryReadService(record, out _, out _);
            reader.ReadBytes(record);
        }
    }

    private static void ReadMdns(ReadOnlySpan<byte> input)
    {
        MdnsMessage.IsQuery(input);
        MdnsMessage.ReadAnswers(input);
    }

    private static void ReadZBase32(ReadOnlySpan<byte> input)
    {
        if (ZBase32.TryDecode(Encoding.UTF8.GetString(input), out EndpointId id))
        {
            FuzzTargets.Require(ZBase32.TryDecode(ZBase32.Encode(id), out EndpointId again) && again == id, "an id does not come back as it went");
        }
    }

    private static void RequireSafe(string problem)
        => FuzzTargets.Require(!problem.Any(static letter => char.IsControl(letter)), $"what is said of it would reach a terminal: {problem}");

    private static IEnumerable<byte[]> RelaySeeds()
    {
        foreach (byte type in (byte[])[4, 5, 6, 7, 8, 9])
        {
            yield return [type, .. IdentityTargets.Key.Id.ToByteArray(), 0, 0, 100, .. new byte[200]];
        }
    }
}
