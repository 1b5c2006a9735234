using System.Net;
using System.Net.Sockets;
using IrohRpc.Transports;

namespace IrohRpc.Routing.Internal.Accepting;

/// <summary>What an endpoint says about where it can be reached.</summary>
internal static class AdvertisedAddresses
{
    /// <summary>Where the listeners are bound, with the machine's usable addresses in place of wildcards.</summary>
    public static IReadOnlyList<TransportAddress> Of(IEnumerable<TransportAddress> bound)
        => [.. bound.SelectMany(Expand).Distinct()];

    private static IEnumerable<TransportAddress> Expand(TransportAddress address)
    {
        if (!address.TryGetIPEndPoint(out IPEndPoint? endPoint)
            || !(endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any)))
        {
            return [address];
        }

        Func<IPEndPoint, TransportAddress> create = address switch
        {
            { Number: TlsAddress.TransportNumber } => TlsAddress.Create,
            { Number: MsQuicAddress.TransportNumber } => MsQuicAddress.Create,
            _ => TransportAddress.Ip,
        };
        return MachineAddresses.Usable(endPoint.AddressFamily)
            .Select(ip => new IPEndPoint(ip, endPoint.Port))
            .Select(create);
    }
}
