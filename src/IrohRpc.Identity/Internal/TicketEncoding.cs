using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using System.Text.Unicode;

namespace IrohRpc.Identity.Internal;

/// <summary>
/// The bytes of a ticket, as iroh's <c>EndpointTicket</c> has them: variant 0, the id, the number of addresses, and each
/// address behind the number of its kind.
/// </summary>
internal static class TicketEncoding
{
    private const ulong Variant = 0;

    // The forms of a custom address: CustomAddrBytes of iroh-base 1.0.
    private const ulong InlineVariant = 0;
    private const ulong HeapVariant = 1;
    private const int InlineLength = 30;

    /// <summary>The bytes for an address, whatever their number.</summary>
    public static byte[] Encode(EndpointAddress address)
    {
        var writer = new PostcardWriter();
        writer.WriteVarint(Variant);
        writer.WriteBytes(address.Id.ToByteArray());
        writer.WriteVarint(address.Addresses.Aggregate(0UL, static (sum, next) => sum + CountOf(next)));
        foreach (TransportAddress next in address.Addresses)
        {
            Write(writer, next);
        }

        return writer.Written.ToArray();
    }

    /// <summary>Reads bytes from anywhere.</summary>
    /// <param name="encoded">The bytes, of a number that the caller has bounded.</param>
    /// <param name="address">The address, where the result is true.</param>
    /// <param name="problem">What is wrong and where, as a clause without a full stop, where the result is false.</param>
    public static bool TryDecode(
        ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out EndpointAddress? address, [NotNullWhen(false)] out string? problem)
    {
        address = null;
        var reader = new PostcardReader(encoded);
        if (!TryReadAll(ref reader, out EndpointId id, out List<TransportAddress> addresses))
        {
            problem = reader.Problem!;
            return false;
        }

        address = new EndpointAddress(id, addresses);
        problem = null;
        return true;
    }

    // One entry stands for all that are unknown.
    private static ulong CountOf(TransportAddress address)
        => address.Kind == TransportAddressKind.Unknown ? address.Number : 1;

    private static void Write(PostcardWriter writer, TransportAddress address)
    {
        if (address.Kind == TransportAddressKind.Unknown)
        {
            writer.WriteBytes(address.Data.Span);
            return;
        }

        writer.WriteVarint((ulong)address.Kind);
        switch (address.Kind)
        {
            case TransportAddressKind.Relay:
                writer.WriteLengthAndBytes(Encoding.UTF8.GetBytes(address.RelayUrl!));
                break;
            case TransportAddressKind.Ip:
                SocketAddressEncoding.Write(writer, address.ToEndPoint()!);
                break;
            default:
                writer.WriteVarint(address.Number);
                WriteCustomData(writer, address.Data.Span);
                break;
        }
    }

    // As iroh writes them: what is short takes a fixed number of bytes, of which the first says how many count.
    private static void WriteCustomData(PostcardWriter writer, ReadOnlySpan<byte> data)
    {
        if (data.Length > InlineLength)
        {
            writer.WriteVarint(HeapVariant);
            writer.WriteLengthAndBytes(data);
            return;
        }

        Span<byte> inline = stackalloc byte[1 + InlineLength];
        inline.Clear();
        inline[0] = (byte)data.Length;
        data.CopyTo(inline[1..]);
        writer.WriteVarint(InlineVariant);
        writer.WriteBytes(inline);
    }

    private static bool TryReadCustomData(ref PostcardReader reader, out ReadOnlySpan<byte> data)
    {
        data = default;
        int start = reader.Position;
        if (!reader.TryReadVarint("the form of a custom address", uint.MaxValue, out ulong variant))
        {
            return false;
        }

        if (variant == HeapVariant)
        {
            return reader.TryReadVarint("the length of a custom address", ulong.MaxValue, out ulong length)
                && reader.TryReadBytes("a custom address", length, out data);
        }

        if (variant != InlineVariant)
        {
            return reader.Fail($"the custom address at byte {start} is of form {variant}, and only {InlineVariant} and {HeapVariant} are known");
        }

        if (!reader.TryReadBytes("a custom address", 1 + InlineLength, out ReadOnlySpan<byte> inline))
        {
            return false;
        }

        if (inline[0] > InlineLength)
        {
            return reader.Fail($"the custom address at byte {start} says that it has {inline[0]} bytes, and it has room for {InlineLength}");
        }

        data = inline.Slice(1, inline[0]);
        return true;
    }

    private static bool TryReadAll(ref PostcardReader reader, out EndpointId id, out List<TransportAddress> addresses)
    {
        id = default;
        addresses = [];
        if (!reader.TryReadVarint("the ticket's variant", uint.MaxValue, out ulong variant))
        {
            return false;
        }

        if (variant != Variant)
        {
            return reader.Fail($"its variant is {variant}, and only variant {Variant} is known; a newer version may have made it");
        }

        if (!reader.TryReadBytes("the endpoint id", EndpointId.Size, out ReadOnlySpan<byte> key)
            || !reader.TryReadVarint("the number of addresses", ulong.MaxValue, out ulong count))
        {
            return false;
        }

        id = new EndpointId(key);
        for (; count > 0; count--)
        {
            // Every address has a byte at least, so the number says at once when bytes are missing.
            if (count > (ulong)reader.Remaining)
            {
                return reader.Fail($"{count} more addresses should follow byte {reader.Position}, and {reader.Remaining} bytes are left");
            }

            int start = reader.Position;
            if (!reader.TryReadVarint("the kind of an address", uint.MaxValue, out ulong kind))
            {
                return false;
            }

            if (kind >= (ulong)TransportAddressKind.Unknown)
            {
                // The length of an unknown address is unknown too; kinds are sorted, so the rest is of such kinds.
                addresses.Add(TransportAddress.Unknown(count, reader.TakeRestFrom(start)));
                return true;
            }

            if (!TryReadAddress(ref reader, (TransportAddressKind)kind, out TransportAddress? address))
            {
                return false;
            }

            addresses.Add(address);
        }

        return reader.Remaining == 0 || reader.Fail($"{reader.Remaining} bytes follow the last address, which ends at byte {reader.Position}");
    }

    private static bool TryReadAddress(
        ref PostcardReader reader, TransportAddressKind kind, [NotNullWhen(true)] out TransportAddress? address)
    {
        address = null;
        switch (kind)
        {
            case TransportAddressKind.Relay:
                int start = reader.Position;
                if (!reader.TryReadVarint("the length of a relay's URL", ulong.MaxValue, out ulong urlLength)
                    || !reader.TryReadBytes("a relay's URL", urlLength, out ReadOnlySpan<byte> url))
                {
                    return false;
                }

                if (!Utf8.IsValid(url))
                {
                    return reader.Fail($"the relay's URL at byte {start} is not UTF-8");
                }

                address = TransportAddress.TryRelay(Encoding.UTF8.GetString(url), out string? problem);
                return address is not null || reader.Fail($"the relay's URL at byte {start} {problem}");

            case TransportAddressKind.Ip:
                if (!SocketAddressEncoding.TryRead(ref reader, out IPEndPoint? endPoint))
                {
                    return false;
                }

                address = TransportAddress.Ip(endPoint);
                return true;

            default:
                if (!reader.TryReadVarint("the number of a custom transport", ulong.MaxValue, out ulong number)
                    || !TryReadCustomData(ref reader, out ReadOnlySpan<byte> data))
                {
                    return false;
                }

                address = TransportAddress.Custom(number, data);
                return true;
        }
    }
}
