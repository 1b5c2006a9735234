using System.Net;
using IrohRpc.Identity.Internal;
using IrohRpc.Reach.Lookup.Dns;

namespace IrohRpc.Reach.Lookup.Mdns;

/// <summary>What endpoints of one network say to each other, in the form of iroh's local lookup: a service of multicast DNS (RFC 6762).</summary>
internal static class MdnsMessage
{
    /// <summary>The service under which endpoints answer.</summary>
    public const string Service = "_irohv1._udp.local";

    /// <summary>The longest message: what fits an Ethernet frame.</summary>
    public const int MaxLength = 1472;

    // A network's answers name a handful of ports and addresses.
    private const int MaxParts = 64;

    /// <summary>Asks who is there.</summary>
    public static byte[] Query()
    {
        var writer = new DnsMessageWriter(MaxLength, flags: 0);
        writer.Question(Service, DnsRecordType.Ptr);
        return writer.Written.ToArray();
    }

    /// <summary>Whether a message asks for the service.</summary>
    public static bool IsQuery(ReadOnlySpan<byte> message)
    {
        if (!DnsMessageReader.TryCreate(message, out DnsMessageReader reader) || reader.IsResponse)
        {
            return false;
        }

        while (reader.TryReadQuestion(out string name, out DnsRecordType type))
        {
            if (name == Service && type == DnsRecordType.Ptr)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Says where an endpoint is. What does not fit is left out.</summary>
    public static byte[] Answer(EndpointId id, EndpointData data)
    {
        string label = Base32.Encode(id.ToByteArray());
        string instance = $"{label}.{Service}";
        var writer = new DnsMessageWriter(MaxLength, flags: 0x8400);
        var endPoints = data.Addresses.Select(static address => address.ToEndPoint()).OfType<IPEndPoint>().ToList();
        foreach (int port in endPoints.Select(static endPoint => endPoint.Port).Distinct())
        {
            writer.Service(DnsSection.Answer, instance, (ushort)port, TargetOf(label, port), timeToLive: 0);
        }

        foreach (string attribute in data.ToAttributes().Where(static attribute => !attribute.StartsWith("addr=", StringComparison.Ordinal)))
        {
            writer.Text(DnsSection.Answer, instance, attribute, timeToLive: 0);
        }

        foreach (IPEndPoint endPoint in endPoints)
        {
            writer.Address(DnsSection.Additional, TargetOf(label, endPoint.Port), endPoint.Address, timeToLive: 0);
        }

        return writer.Written.ToArray();
    }

    /// <summary>Reads what others say; each endpoint once.</summary>
    public static IReadOnlyDictionary<EndpointId, EndpointData> ReadAnswers(ReadOnlySpan<byte> message)
    {
        var endpoints = new Dictionary<EndpointId, EndpointData>();
        if (!DnsMessageReader.TryCreate(message, out DnsMessageReader reader) || !reader.IsResponse)
        {
            return endpoints;
        }

        var services = new List<(EndpointId Id, ushort Port, string Target)>();
        var texts = new List<(EndpointId Id, string Text)>();
        var hosts = new List<(string Name, IPAddress Address)>();
        while (reader.TryReadRecord(out DnsRecord record) && services.Count + texts.Count + hosts.Count < MaxParts)
        {
            if (record.Type is DnsRecordType.A or DnsRecordType.Aaaa)
            {
                ReadOnlySpan<byte> bytes = reader.ReadBytes(record);
                if (bytes.Length == (record.Type == DnsRecordType.A ? 4 : 16))
                {
                    hosts.Add((record.Name, new IPAddress(bytes)));
                }
            }
            else if (TryReadInstance(record.Name, out EndpointId id))
            {
                if (record.Type == DnsRecordType.Srv && reader.TryReadService(record, out ushort port, out string target) && port != 0)
                {
                    services.Add((id, port, target));
                }
                else if (record.Type == DnsRecordType.Txt && reader.ReadText(record) is { } text)
                {
                    texts.Add((id, text));
                }
            }
        }

        foreach (EndpointId id in services.Select(static service => service.Id).Concat(texts.Select(static text => text.Id)).Distinct())
        {
            IEnumerable<string> attributes = services
                .Where(service => service.Id == id)
                .SelectMany(service => hosts.Where(host => host.Name == service.Target).Select(host => $"addr={new IPEndPoint(host.Address, service.Port)}"))
                .Concat(texts.Where(text => text.Id == id).Select(static text => text.Text));
            if (EndpointData.FromAttributes(attributes) is { } data)
            {
                endpoints.Add(id, data);
            }
        }

        return endpoints;
    }

    private static string TargetOf(string label, int port) => $"{label}-{port}.local";

    private static bool TryReadInstance(string name, out EndpointId id)
    {
        id = default;
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && name.AsSpan(dot + 1).SequenceEqual(Service) && EndpointId.TryParse(name.AsSpan(0, dot), out id);
    }
}
