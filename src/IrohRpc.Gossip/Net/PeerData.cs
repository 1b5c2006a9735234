using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using System.Text.Unicode;
using IrohRpc.Identity;
using IrohRpc.Identity.Internal;
using IrohRpc.Transports;

namespace IrohRpc.Gossip.Net;

/// <summary>Where a peer is, as members tell each other: one relay at most, and IP addresses.</summary>
internal static class PeerData
{
    private const int MaxAddresses = 16;

    public static byte[] Encode(EndpointAddress address)
    {
        var writer = new PostcardWriter();
        TransportAddress? relay = address.Addresses.FirstOrDefault(static next => next.Kind == TransportAddressKind.Relay);
        writer.WriteVarint(relay is null ? 0UL : 1);
        if (relay is not null)
        {
            writer.WriteLengthAndBytes(Encoding.UTF8.GetBytes(relay.RelayUrl!));
        }

        // A listener takes the same port on all transports where it can, so that an address stands for each of them.
        IPEndPoint[] addresses =
        [
            .. address.Addresses.Select(static next => next.TryGetIPEndPoint(out IPEndPoint? at) ? at : null)
                .OfType<IPEndPoint>().Distinct().Take(MaxAddresses),
        ];
        writer.WriteVarint((ulong)addresses.Length);
        foreach (IPEndPoint next in addresses)
        {
            writer.WriteBytes(SocketAddressEncoding.Encode(next));
        }

        return writer.Written.ToArray();
    }

    public static bool TryDecode(EndpointId id, ReadOnlySpan<byte> data, [NotNullWhen(true)] out EndpointAddress? address)
    {
        address = null;
        var addresses = new List<TransportAddress>();
        var reader = new PostcardReader(data);
        if (!reader.TryReadVarint("whether there is a relay", 1, out ulong hasRelay))
        {
            return false;
        }

        if (hasRelay == 1)
        {
            if (!reader.TryReadVarint("the length of a relay's URL", ulong.MaxValue, out ulong length)
                || !reader.TryReadBytes("a relay's URL", length, out ReadOnlySpan<byte> url)
                || !Utf8.IsValid(url)
                || TransportAddress.TryRelay(Encoding.UTF8.GetString(url), out _) is not { } relay)
            {
                return false;
            }

            addresses.Add(relay);
        }

        if (!reader.TryReadVarint("the number of addresses", (ulong)reader.Remaining, out ulong count))
        {
            return false;
        }

        for (ulong i = 0; i < Math.Min(count, MaxAddresses); i++)
        {
            if (!SocketAddressEncoding.TryRead(ref reader, out IPEndPoint? at))
            {
                return false;
            }

            addresses.Add(TransportAddress.Ip(at));
            addresses.Add(TlsAddress.Create(at));
        }

        address = new EndpointAddress(id, addresses);
        return true;
    }
}
