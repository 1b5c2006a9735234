using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using IrohRpc.Reach.Lookup.Dns;

namespace IrohRpc.Reach.Lookup.Pkarr;

/// <summary>
/// What an endpoint publishes of itself, signed with its key: 64 bytes of signature, eight of time, and a DNS message (pkarr's form, which is a mutable
/// item of BEP 44).
/// </summary>
internal sealed class SignedPacket
{
    /// <summary>The longest DNS message, in bytes.</summary>
    public const int MaxMessageLength = 1000;

    /// <summary>The longest packet without the key, in bytes.</summary>
    public const int MaxLength = HeaderLength + MaxMessageLength;

    /// <summary>For how many seconds a resolver may keep what it says.</summary>
    public const uint TimeToLive = 30;

    private const int HeaderLength = SecretKey.SignatureSize + sizeof(ulong);

    private readonly byte[] _bytes;

    private SignedPacket(EndpointId id, byte[] bytes, EndpointData data)
    {
        Id = id;
        _bytes = bytes;
        Data = data;
    }

    /// <summary>Who signed it.</summary>
    public EndpointId Id { get; }

    /// <summary>When, in microseconds since 1970: a later packet replaces an earlier one.</summary>
    public ulong Timestamp => BinaryPrimitives.ReadUInt64BigEndian(_bytes.AsSpan(SecretKey.SignatureSize));

    /// <summary>What it says.</summary>
    public EndpointData Data { get; }

    /// <summary>The packet without the key: what goes over HTTP.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The DNS message within.</summary>
    public ReadOnlySpan<byte> Message => _bytes.AsSpan(HeaderLength);

    /// <summary>Makes and signs a packet. Addresses that do not fit into it are left out, the last ones first.</summary>
    /// <param name="key">Whose packet it is.</param>
    /// <param name="data">What it says.</param>
    /// <param name="timestamp">Microseconds since 1970.</param>
    public static SignedPacket Create(SecretKey key, EndpointData data, ulong timestamp)
    {
        string name = NameOf(key.Id);
        DnsMessageWriter writer;
        do
        {
            writer = new DnsMessageWriter(MaxMessageLength, flags: 0x8000);
            foreach (string attribute in data.ToAttributes())
            {
                writer.Text(DnsSection.Answer, name, attribute, TimeToLive);
            }

            data = writer.IsTooLong ? new EndpointData(data.Addresses.SkipLast(1), data.UserData) : data;
        }
        while (writer.IsTooLong);

        var bytes = new byte[HeaderLength + writer.Written.Length];
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(SecretKey.SignatureSize), timestamp);
        writer.Written.CopyTo(bytes.AsSpan(HeaderLength));
        key.Sign(Signable(timestamp, writer.Written)).CopyTo(bytes, 0);
        return new SignedPacket(key.Id, bytes, data);
    }

    /// <summary>Reads and checks a packet of anybody's.</summary>
    /// <param name="id">Whose it should be.</param>
    /// <param name="bytes">The packet without the key.</param>
    /// <param name="packet">The packet.</param>
    /// <param name="problem">What is wrong with it.</param>
    public static bool TryParse(
        EndpointId id, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SignedPacket? packet, [NotNullWhen(false)] out string? problem)
    {
        packet = null;
        if (bytes.Length is <= HeaderLength or > MaxLength)
        {
            problem = $"a signed packet has {HeaderLength + 1} to {MaxLength} bytes, this has {bytes.Length}";
            return false;
        }

        ulong timestamp = BinaryPrimitives.ReadUInt64BigEndian(bytes[SecretKey.SignatureSize..]);
        ReadOnlySpan<byte> message = bytes[HeaderLength..];
        if (!id.Verify(Signable(timestamp, message), bytes[..SecretKey.SignatureSize]))
        {
            problem = "the signature is not the endpoint's";
            return false;
        }

        if (!TryReadMessage(id, message, out EndpointData? data))
        {
            problem = "the packet holds no addresses of the endpoint";
            return false;
        }

        packet = new SignedPacket(id, bytes.ToArray(), data);
        problem = null;
        return true;
    }

    private static bool TryReadMessage(EndpointId id, ReadOnlySpan<byte> message, [NotNullWhen(true)] out EndpointData? data)
    {
        data = null;
        if (!DnsMessageReader.TryCreate(message, out DnsMessageReader reader))
        {
            return false;
        }

        // Some writers end the name with the zone, which is the endpoint's key.
        string name = NameOf(id);
        string qualified = $"{name}.{ZBase32.Encode(id)}";
        var attributes = new List<string>();
        while (reader.TryReadRecord(out DnsRecord record))
        {
            if (record.Type == DnsRecordType.Txt && (record.Name == name || record.Name == qualified || record.Name == "_iroh")
                && reader.ReadText(record) is { } text)
            {
                attributes.Add(text);
            }
        }

        data = reader.IsAtEnd ? EndpointData.FromAttributes(attributes) : null;
        return data is not null;
    }

    private static string NameOf(EndpointId id) => $"_iroh.{ZBase32.Encode(id)}";

    private static byte[] Signable(ulong timestamp, ReadOnlySpan<byte> message)
        => [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"3:seqi{timestamp}e1:v{message.Length}:")), .. message];
}
