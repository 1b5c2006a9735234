using System.Buffers;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using IrohRpc.Identity.Internal;
using IrohRpc.Identity.Internal.Texts;

namespace IrohRpc;

/// <summary>
/// An <see cref="EndpointAddress"/> as one word that a person can paste: everything that another needs to reach an endpoint.
/// The format is iroh's own, so that a ticket from either side can be read by the other.
/// </summary>
/// <remarks>
/// <para>
/// The text is <c>endpoint</c> and then, in lower-case base32 without padding (RFC 4648), the postcard encoding of the id and
/// its addresses. Addresses of a kind that this version does not know are kept as they are and written back.
/// </para>
/// <para>
/// A ticket holds no secret, but tells whoever reads it where the endpoint is. Immutable and safe to share between threads.
/// </para>
/// </remarks>
[JsonConverter(typeof(EndpointTicketJsonConverter))]
[TypeConverter(typeof(EndpointTicketTypeConverter))]
public sealed partial class EndpointTicket : IEquatable<EndpointTicket>, ISpanParsable<EndpointTicket>
{
    /// <summary>What the text of every ticket starts with.</summary>
    public const string Prefix = "endpoint";

    /// <summary>
    /// The most bytes that a ticket may have before they become base32: room for more than 700 IPv6 addresses. iroh has no such
    /// limit; the one here bounds what a stranger's text can cost.
    /// </summary>
    public const int MaxSize = 16 * 1024;

    // What is longer is refused for its size, white space or not.
    private const int LongestText = MaxSize * 2;

    private static readonly SearchValues<char> WhiteSpace = SearchValues.Create(" \t\r\n\u00A0\u200B\uFEFF");

    private readonly string _text;

    /// <summary>Makes the ticket of an address.</summary>
    /// <param name="address">The address.</param>
    /// <exception cref="ArgumentException">The address is so large that its ticket would exceed <see cref="MaxSize"/>.</exception>
    public EndpointTicket(EndpointAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        byte[] encoded = TicketEncoding.Encode(address);
        if (encoded.Length > MaxSize)
        {
            throw new ArgumentException(
                $"The ticket would have {encoded.Length} bytes; at most {MaxSize} are allowed. Leave some addresses out.", nameof(address));
        }

        Address = address;
        _text = Base32.Encode(encoded, Prefix);
    }

    /// <summary>The address that the ticket carries.</summary>
    public EndpointAddress Address { get; }

    /// <summary>Reads a ticket.</summary>
    /// <param name="text">The text of a ticket: the prefix in lower case, the rest in either. White space around and in it, as mail and terminals add it, is skipped.</param>
    /// <remarks>A ticket has no checksum. What cannot be the id of an endpoint is refused, as iroh does; other changed characters show when the peer is dialled.</remarks>
    /// <exception cref="FormatException"><paramref name="text"/> is no ticket; the message says what is wrong and where.</exception>
    public static EndpointTicket Parse(ReadOnlySpan<char> text)
        => TryParseCore(text, out EndpointTicket? ticket) is { } problem ? throw new FormatException(problem) : ticket!;

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static EndpointTicket Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Parse(text.AsSpan());
    }

    /// <summary>Reads a ticket as <see cref="Parse(ReadOnlySpan{char})"/> does, without throwing.</summary>
    /// <param name="text">The text of a ticket.</param>
    /// <param name="ticket">The ticket, or null where the result is false.</param>
    /// <returns>Whether <paramref name="text"/> is a ticket.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out EndpointTicket? ticket)
        => TryParseCore(text, out ticket) is null;

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out EndpointTicket?)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EndpointTicket? ticket)
        => TryParse(text.AsSpan(), out ticket);

    static EndpointTicket IParsable<EndpointTicket>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<EndpointTicket>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out EndpointTicket result)
        => TryParse(s, out result);

    static EndpointTicket ISpanParsable<EndpointTicket>.Parse(ReadOnlySpan<char> s, IFormatProvider? provider) => Parse(s);

    static bool ISpanParsable<EndpointTicket>.TryParse(
        ReadOnlySpan<char> s, IFormatProvider? provider, [MaybeNullWhen(false)] out EndpointTicket result)
        => TryParse(s, out result);

    /// <summary>The ticket as text, for <see cref="Parse(string)"/> here or in iroh.</summary>
    public override string ToString() => _text;

    /// <inheritdoc/>
    public bool Equals(EndpointTicket? other) => other is not null && Address.Equals(other.Address);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EndpointTicket);

    /// <inheritdoc/>
    public override int GetHashCode() => Address.GetHashCode();

    /// <summary>Whether both carry the same address.</summary>
    public static bool operator ==(EndpointTicket? left, EndpointTicket? right) => Equals(left, right);

    /// <summary>Whether the addresses differ.</summary>
    public static bool operator !=(EndpointTicket? left, EndpointTicket? right) => !Equals(left, right);

    private static ReadOnlySpan<char> WithoutWhiteSpace(ReadOnlySpan<char> text)
    {
        var kept = new char[text.Length];
        int length = 0;
        foreach (char character in text)
        {
            if (!WhiteSpace.Contains(character))
            {
                kept[length++] = character;
            }
        }

        return kept.AsSpan(0, length);
    }

    private static string WhatItIs(ReadOnlySpan<char> text) => text switch
    {
        _ when KeyText.LooksLikeKey(text) => ". It has the form of an endpoint id, or of a secret key: a ticket says where the endpoint is as well",
        ['"' or '\'', ..] => ": take away the quotation marks",
        _ when text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) => ": that word is in lower case",
        _ => "",
    };

    // No message repeats the text: a person who pastes the wrong word may have pasted a secret key.
    private static string? TryParseCore(ReadOnlySpan<char> text, out EndpointTicket? ticket)
    {
        ticket = null;
        text = text.Trim();
        if (text.IndexOfAny(WhiteSpace) >= 0 && text.Length <= LongestText)
        {
            text = WithoutWhiteSpace(text);
        }

        if (!text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return $"An endpoint ticket starts with '{Prefix}'; this text of {text.Length} characters does not{WhatItIs(text)}.";
        }

        ReadOnlySpan<char> base32 = text[Prefix.Length..];
        int size = Base32.DecodedLength(base32.Length);
        if (size > MaxSize)
        {
            return $"An endpoint ticket has at most {MaxSize} bytes; this one has {size}.";
        }

        var encoded = new byte[size];
        if (!Base32.TryDecode(base32, encoded, out string? problem))
        {
            return $"What follows '{Prefix}' in an endpoint ticket is base32; {problem}";
        }

        if (!TicketEncoding.TryDecode(encoded, out EndpointAddress? address, out problem))
        {
            return $"The endpoint ticket is malformed: {problem}.";
        }

        if (!CurvePoint.IsValid(address.Id.ToByteArray()))
        {
            return "The endpoint id in this ticket is no public key of anybody: has a character of the ticket been changed?";
        }

        ticket = new EndpointTicket(address);
        return null;
    }
}
