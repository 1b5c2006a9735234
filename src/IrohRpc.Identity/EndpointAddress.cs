using System.Collections.ObjectModel;
using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using IrohRpc.Identity.Internal;
using IrohRpc.Identity.Internal.Texts;

namespace IrohRpc;

/// <summary>
/// Where an endpoint is: its id and the transport addresses at which it may be reached, as iroh's <c>EndpointAddr</c>.
/// An <see cref="EndpointTicket"/> carries one as text.
/// </summary>
/// <remarks>
/// Immutable and safe to share between threads. Equal are two with the same id and the same addresses. Only the id is
/// proved when a connection is made; the addresses are hints that may be wrong.
/// </remarks>
[JsonConverter(typeof(EndpointAddressJsonConverter))]
[TypeConverter(typeof(EndpointAddressTypeConverter))]
public sealed partial class EndpointAddress : IEquatable<EndpointAddress>, IParsable<EndpointAddress>
{
    private readonly TransportAddress[] _addresses;

    /// <summary>Makes an address from its parts.</summary>
    /// <param name="id">The endpoint's id.</param>
    /// <param name="addresses">Its transport addresses, in any order; there may be none, and repeated ones count once.</param>
    /// <exception cref="ArgumentException">One of <paramref name="addresses"/> is null.</exception>
    public EndpointAddress(EndpointId id, params IEnumerable<TransportAddress> addresses)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        Id = id;
        _addresses = SortedAddresses.From(addresses);
        Addresses = new ReadOnlyCollection<TransportAddress>(_addresses);
    }

    /// <summary>The endpoint's id.</summary>
    public EndpointId Id { get; }

    /// <summary>Its transport addresses, distinct and sorted as <see cref="TransportAddress.CompareTo"/> says.</summary>
    public IReadOnlyList<TransportAddress> Addresses { get; }

    /// <summary>Reads what a person or a configuration names a peer by: a ticket, or an id alone, which makes an address without transport addresses.</summary>
    /// <param name="text">The text of a ticket or of an id.</param>
    /// <exception cref="FormatException"><paramref name="text"/> is neither; the message says what is wrong and does not repeat it.</exception>
    public static EndpointAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return KeyText.LooksLikeKey(text.AsSpan().Trim()) ? EndpointId.Parse(text) : EndpointTicket.Parse(text).Address;
    }

    /// <summary>Reads an address as <see cref="Parse(string)"/> does, without throwing.</summary>
    /// <param name="text">The text of a ticket or of an id.</param>
    /// <param name="address">The address, or null where the result is false.</param>
    /// <returns>Whether <paramref name="text"/> is either.</returns>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out EndpointAddress? address)
    {
        address = EndpointId.TryParse(text, out EndpointId id) ? id
            : EndpointTicket.TryParse(text, out EndpointTicket? ticket) ? ticket.Address
            : null;
        return address is not null;
    }

    static EndpointAddress IParsable<EndpointAddress>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<EndpointAddress>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out EndpointAddress result)
        => TryParse(s, out result);

    /// <summary>The same endpoint with further transport addresses.</summary>
    /// <param name="more">What to add; what is there already is not added twice.</param>
    /// <exception cref="ArgumentException">One of <paramref name="more"/> is null.</exception>
    public EndpointAddress With(params IEnumerable<TransportAddress> more)
    {
        ArgumentNullException.ThrowIfNull(more);
        return new EndpointAddress(Id, [.. _addresses, .. more]);
    }

    /// <inheritdoc/>
    public bool Equals(EndpointAddress? other)
        => other is not null && Id == other.Id && _addresses.AsSpan().SequenceEqual(other._addresses);

    /// <summary>The address in a ticket.</summary>
    /// <param name="ticket">The ticket.</param>
    public static implicit operator EndpointAddress(EndpointTicket ticket) => (ticket ?? throw new ArgumentNullException(nameof(ticket))).Address;

    /// <summary>A peer of which the id alone is known.</summary>
    /// <param name="id">The id.</param>
    public static implicit operator EndpointAddress(EndpointId id) => new(id, Array.Empty<TransportAddress>());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as EndpointAddress);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Id);
        foreach (TransportAddress address in _addresses)
        {
            hash.Add(address);
        }

        return hash.ToHashCode();
    }

    /// <summary>The id and the addresses, for people; <see cref="EndpointTicket"/> is the form that can be read back.</summary>
    public override string ToString()
        => _addresses.Length == 0 ? $"{Id} (no addresses)" : $"{Id} at {string.Join(", ", _addresses.AsEnumerable())}";

    /// <summary>Whether both are the same endpoint with the same addresses.</summary>
    public static bool operator ==(EndpointAddress? left, EndpointAddress? right) => Equals(left, right);

    /// <summary>Whether the ids or the addresses differ.</summary>
    public static bool operator !=(EndpointAddress? left, EndpointAddress? right) => !Equals(left, right);
}
