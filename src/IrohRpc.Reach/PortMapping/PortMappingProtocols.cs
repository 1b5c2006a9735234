using System.Net;

namespace IrohRpc.Reach.PortMapping;

/// <summary>The protocols by which a router may be asked.</summary>
internal static class PortMappingProtocols
{
    /// <summary>All of them, the newest and cheapest first.</summary>
    public static IReadOnlyList<IPortMappingProtocol> For(Gateway gateway, TimeProvider time)
    {
        var exchange = new GatewayExchange(gateway.Local, new IPEndPoint(gateway.Router, GatewayExchange.Port), time);
        return
        [
            new PcpProtocol(exchange, gateway.Local),
            new NatPmpProtocol(exchange),
            new UpnpProtocol(gateway, SsdpSearch.Port, time),
        ];
    }
}
