using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IrohRpc;

/// <summary>
/// One way of reaching a peer: the addresses in an <see cref="EndpointAddress"/> and in a ticket, as iroh's <c>TransportAddr</c>.
/// </summary>
/// <remarks>
/// Immutable and safe to share between threads. Which transport dials an address is for the transport to say; the
/// identity layer only carries, compares and prints it. Addresses sort as they stand in a ticket: by kind, then content.
/// </remarks>
public sealed class TransportAddress : IEquatable<TransportAddress>, IComparable<TransportAddress>
{
    private readonly byte[] _data;
    private readonly IPEndPoint? _endPoint;

    private TransportAddress(TransportAddressKind kind, ulong number, byte[] data, IPEndPoint? endPoint, string? relayUrl)
    {
        Kind = kind;
        Number = number;
        _data = data;
        _endPoint = endPoint;
        RelayUrl = relayUrl;
    }

    /// <summary>What kind of address this is.</summary>
    public TransportAddressKind Kind { get; }

    /// <summary>The relay's URL, character for character as it was given, or null for another kind.</summary>
    public string? RelayUrl { get; }

    /// <summary>
    /// The number of the transport that a <see cref="TransportAddressKind.Custom"/> address belongs to, or how many
    /// addresses <see cref="Data"/> holds where the kind is <see cref="TransportAddressKind.Unknown"/>; zero otherwise.
    /// </summary>
    public ulong Number { get; }

    /// <summary>The bytes of a custom or an unknown address; empty for the other kinds.</summary>
    public ReadOnlyMemory<byte> Data => _data;

    /// <summary>An address that QUIC, as iroh speaks it, reaches. A scope id is not kept, since it means nothing on another machine.</summary>
    /// <param name="endPoint">An IPv4 or IPv6 address and port.</param>
    /// <exception cref="ArgumentException">The address is of another family.</exception>
    public static TransportAddress Ip(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (endPoint.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            throw new ArgumentException($"{endPoint} is neither an IPv4 nor an IPv6 address.", nameof(endPoint));
        }

        return new TransportAddress(TransportAddressKind.Ip, 0, [], Copy(endPoint), null);
    }

    /// <summary>A relay server.</summary>
    /// <param name="url">The URL, kept character for character; whether it leads anywhere is not looked at.</param>
    /// <exception cref="ArgumentException"><paramref name="url"/> is empty, has a control character, or is no valid Unicode.</exception>
    public static TransportAddress Relay(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return TryRelay(url, out string? problem) ?? throw new ArgumentException($"The URL of a relay {problem}.", nameof(url));
    }

    /// <summary>A relay server, or null and what is wrong with the URL.</summary>
    internal static TransportAddress? TryRelay(string url, out string? problem)
    {
        // Addresses come from strangers and end up in logs and on terminals, where a control character can forge a line.
        problem = url.Length == 0 ? "is empty"
            : url.Any(char.IsControl) ? "has a control character"
            : !IsWellFormed(url) ? "is not valid Unicode"
            : null;
        return problem is null ? new TransportAddress(TransportAddressKind.Relay, 0, [], null, url) : null;
    }

    /// <summary>An address of a transport that is neither QUIC over UDP nor a relay.</summary>
    /// <param name="transport">The number of the transport.</param>
    /// <param name="data">What that transport needs to dial; copied.</param>
    public static TransportAddress Custom(ulong transport, ReadOnlySpan<byte> data)
        => new(TransportAddressKind.Custom, transport, data.ToArray(), null, null);

    /// <summary>The encoded rest of a ticket from the first address whose kind is not known here.</summary>
    /// <param name="count">How many addresses the bytes hold.</param>
    /// <param name="encoded">The bytes, from the first unknown kind on; copied.</param>
    internal static TransportAddress Unknown(ulong count, ReadOnlySpan<byte> encoded)
        => new(TransportAddressKind.Unknown, count, encoded.ToArray(), null, null);

    /// <summary>
    /// The IP address and UDP port, as a new object on each call: <see cref="IPEndPoint"/> is mutable, and an address is not.
    /// </summary>
    /// <returns>The endpoint; null where this is another kind of address.</returns>
    public IPEndPoint? ToEndPoint() => _endPoint is null ? null : Copy(_endPoint);

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] TransportAddress? other)
        => other is not null
            && Kind == other.Kind
            && Number == other.Number
            && string.Equals(RelayUrl, other.RelayUrl, StringComparison.Ordinal)
            && Equals(_endPoint, other._endPoint)
            && _data.AsSpan().SequenceEqual(other._data);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as TransportAddress);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        hash.Add(Number);
        hash.Add(RelayUrl, StringComparer.Ordinal);
        hash.Add(_endPoint);
        hash.AddBytes(_data);
        return hash.ToHashCode();
    }

    /// <summary>Orders addresses as a ticket does: relay, IPv4, IPv6, custom, unknown, and by content within each.</summary>
    /// <param name="other">The address to compare with; null sorts first.</param>
    public int CompareTo(TransportAddress? other)
    {
        if (other is null)
        {
            return 1;
        }

        int order = Kind.CompareTo(other.Kind);
        if (order != 0)
        {
            return order;
        }

        return Kind switch
        {
            TransportAddressKind.Relay => Encoding.UTF8.GetBytes(RelayUrl!).AsSpan()
                .SequenceCompareTo(Encoding.UTF8.GetBytes(other.RelayUrl!)),
            TransportAddressKind.Ip => CompareEndPoints(_endPoint!, other._endPoint!),
            _ => Number != other.Number ? Number.CompareTo(other.Number) : CompareData(_data, other._data),
        };
    }

    /// <summary>The address for people: <c>ip:127.0.0.1:1024</c>, <c>relay:https://…</c>, <c>custom:716d7578_00…</c>.</summary>
    public override string ToString() => Kind switch
    {
        TransportAddressKind.Relay => $"relay:{RelayUrl}",
        TransportAddressKind.Ip => $"ip:{_endPoint}",
        TransportAddressKind.Custom => string.Create(CultureInfo.InvariantCulture, $"custom:{Number:x}_{Convert.ToHexStringLower(_data)}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"unknown:{Number}_{Convert.ToHexStringLower(_data)}"),
    };

    /// <summary>Whether both are the same address.</summary>
    public static bool operator ==(TransportAddress? left, TransportAddress? right) => Equals(left, right);

    /// <summary>Whether the addresses differ.</summary>
    public static bool operator !=(TransportAddress? left, TransportAddress? right) => !Equals(left, right);

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/>.</summary>
    public static bool operator <(TransportAddress? left, TransportAddress? right)
        => Comparer<TransportAddress>.Default.Compare(left, right) < 0;

    /// <summary>Whether <paramref name="left"/> sorts before <paramref name="right"/> or equals it.</summary>
    public static bool operator <=(TransportAddress? left, TransportAddress? right)
        => Comparer<TransportAddress>.Default.Compare(left, right) <= 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/>.</summary>
    public static bool operator >(TransportAddress? left, TransportAddress? right)
        => Comparer<TransportAddress>.Default.Compare(left, right) > 0;

    /// <summary>Whether <paramref name="left"/> sorts after <paramref name="right"/> or equals it.</summary>
    public static bool operator >=(TransportAddress? left, TransportAddress? right)
        => Comparer<TransportAddress>.Default.Compare(left, right) >= 0;

    private static IPEndPoint Copy(IPEndPoint endPoint) => new(new IPAddress(endPoint.Address.GetAddressBytes()), endPoint.Port);

    private static int CompareEndPoints(IPEndPoint left, IPEndPoint right)
    {
        if (left.AddressFamily != right.AddressFamily)
        {
            return left.AddressFamily == AddressFamily.InterNetwork ? -1 : 1;
        }

        int order = left.Address.GetAddressBytes().AsSpan().SequenceCompareTo(right.Address.GetAddressBytes());
        return order != 0 ? order : left.Port.CompareTo(right.Port);
    }

    // iroh keeps up to 30 bytes in place, padded and behind their length, and sorts those first; its tickets show that order.
    private static int CompareData(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        const int inPlace = 30;
        int order = (left.Length > inPlace).CompareTo(right.Length > inPlace);
        if (order == 0 && left.Length <= inPlace)
        {
            order = left.Length.CompareTo(right.Length);
        }

        return order != 0 ? order : left.SequenceCompareTo(right);
    }

    private static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out int used) != OperationStatus.Done)
            {
                return false;
            }

            text = text[used..];
        }

        return true;
    }
}
