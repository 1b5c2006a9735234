using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using System.Text.Unicode;
using IrohRpc.Identity;
using IrohRpc.Identity.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Blobs;

/// <summary>
/// A blob and who has it, as one string that a person can paste; byte for byte iroh's (<c>blob</c> and base32). It holds the provider's id, one
/// relay at most and its IP addresses.
/// </summary>
public sealed class BlobTicket : IEquatable<BlobTicket>, ISpanParsable<BlobTicket>
{
    /// <summary>What the text of a ticket begins with.</summary>
    public const string Prefix = "blob";

    private const int MaxSize = 16 * 1024;

    private readonly string _text;

    /// <summary>Makes a ticket.</summary>
    /// <param name="provider">
    /// Who has the blob, and where. The text has room for IP addresses and one relay; an address of TLS counts as its IP address, since a listener
    /// takes the same port on all transports where it can.
    /// </param>
    /// <param name="hash">The blob.</param>
    /// <param name="format">Whether it is a hash sequence, whose children are meant too.</param>
    public BlobTicket(EndpointAddress provider, BlobHash hash, BlobFormat format = BlobFormat.Raw)
    {
        ArgumentNullException.ThrowIfNull(provider);
        Provider = provider;
        Hash = hash;
        Format = format;
        _text = Base32.Encode(Encode(), Prefix);
    }

    /// <summary>Who has the blob, and where. A ticket that was read says for each IP address that QUIC and TLS may be tried.</summary>
    public EndpointAddress Provider { get; }

    /// <summary>The blob.</summary>
    public BlobHash Hash { get; }

    /// <summary>Whether it is a hash sequence, whose children are meant too.</summary>
    public BlobFormat Format { get; }

    /// <summary>Reads the text of a ticket.</summary>
    /// <param name="text">The text.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is no ticket; the message does not repeat it.</exception>
    public static BlobTicket Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <inheritdoc cref="Parse(string)"/>
    public static BlobTicket Parse(ReadOnlySpan<char> text)
        => TryParseCore(text, out BlobTicket? ticket) is { } problem ? throw new FormatException(problem) : ticket!;

    /// <summary>Reads as <see cref="Parse(string)"/> does, without throwing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ticket">The ticket, where the result is true.</param>
    /// <returns>Whether <paramref name="text"/> is a ticket.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out BlobTicket? ticket)
        => TryParseCore(text.AsSpan(), out ticket) is null;

    /// <inheritdoc cref="TryParse(string?, out BlobTicket?)"/>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out BlobTicket? ticket) => TryParseCore(text, out ticket) is null;

    static BlobTicket IParsable<BlobTicket>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<BlobTicket>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out BlobTicket result)
        => TryParse(s, out result);

    static BlobTicket ISpanParsable<BlobTicket>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<BlobTicket>.TryParse(
        ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out BlobTicket result)
        => TryParse(s, out result);

    /// <summary>The text of the ticket.</summary>
    public override string ToString() => _text;

    /// <inheritdoc/>
    public bool Equals(BlobTicket? other) => other is not null && string.Equals(_text, other._text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as BlobTicket);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_text);

    private byte[] Encode()
    {
        var writer = new PostcardWriter();
        writer.WriteVarint(0);
        writer.WriteBytes(Provider.Id.ToByteArray());
        if (Provider.Addresses.FirstOrDefault(static address => address.Kind == TransportAddressKind.Relay) is { } relay)
        {
            writer.WriteVarint(1);
            writer.WriteLengthAndBytes(Encoding.UTF8.GetBytes(relay.RelayUrl!));
        }
        else
        {
            writer.WriteVarint(0);
        }

        IPEndPoint[] addresses = [.. IPAddressesOf(Provider)];
        writer.WriteVarint((ulong)addresses.Length);
        foreach (IPEndPoint address in addresses)
        {
            writer.WriteBytes(SocketAddressEncoding.Encode(address));
        }

        writer.WriteVarint((ulong)Format);
        writer.WriteBytes(Hash.ToByteArray());
        return writer.Written.ToArray();
    }

    private static IEnumerable<IPEndPoint> IPAddressesOf(EndpointAddress provider)
        => new EndpointAddress(
            provider.Id,
            provider.Addresses.Select(static address => address.TryGetIPEndPoint(out IPEndPoint? at) ? TransportAddress.Ip(at) : null)
                .OfType<TransportAddress>()).Addresses.Select(static address => address.ToEndPoint()!);

    private static string? TryParseCore(ReadOnlySpan<char> text, out BlobTicket? ticket)
    {
        ticket = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return $"A blob ticket starts with '{Prefix}'; this text of {text.Length} characters does not.";
        }

        ReadOnlySpan<char> base32 = text[Prefix.Length..];
        int size = Base32.DecodedLength(base32.Length);
        if (size > MaxSize)
        {
            return $"A blob ticket has at most {MaxSize} bytes; this one has {size}.";
        }

        var encoded = new byte[size];
        if (!Base32.TryDecode(base32, encoded, out string? problem))
        {
            return $"What follows '{Prefix}' in a blob ticket is base32; {problem}";
        }

        var reader = new PostcardReader(encoded);
        ticket = Read(ref reader);
        return ticket is null ? $"The blob ticket is malformed: {reader.Problem}." : null;
    }

    private static BlobTicket? Read(ref PostcardReader reader)
    {
        if (!reader.TryReadVarint("the ticket's variant", 0, out _)
            || !reader.TryReadBytes("the provider's id", EndpointId.Size, out ReadOnlySpan<byte> id)
            || !reader.TryReadVarint("whether there is a relay", 1, out ulong hasRelay))
        {
            return null;
        }

        var addresses = new List<TransportAddress>();
        if (hasRelay == 1)
        {
            if (!reader.TryReadVarint("the length of a relay's URL", ulong.MaxValue, out ulong length)
                || !reader.TryReadBytes("a relay's URL", length, out ReadOnlySpan<byte> url))
            {
                return null;
            }

            string? problem = "is not UTF-8";
            if (!Utf8.IsValid(url) || TransportAddress.TryRelay(Encoding.UTF8.GetString(url), out problem) is not { } relay)
            {
                reader.Fail($"the relay's URL {problem}");
                return null;
            }

            addresses.Add(relay);
        }

        if (!reader.TryReadVarint("the number of addresses", (ulong)reader.Remaining, out ulong count))
        {
            return null;
        }

        for (; count > 0; count--)
        {
            if (!SocketAddressEncoding.TryRead(ref reader, out IPEndPoint? address))
            {
                return null;
            }

            addresses.Add(TransportAddress.Ip(address));
            addresses.Add(TlsAddress.Create(address));
        }

        if (!reader.TryReadVarint("the format of the blob", 1, out ulong format)
            || !reader.TryReadBytes("the hash", BlobHash.Size, out ReadOnlySpan<byte> hash))
        {
            return null;
        }

        if (reader.Remaining > 0)
        {
            reader.Fail($"{reader.Remaining} bytes follow the hash");
            return null;
        }

        return new BlobTicket(new EndpointAddress(new EndpointId(id), addresses), new BlobHash(hash), (BlobFormat)format);
    }
}
