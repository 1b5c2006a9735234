using IrohRpc;

namespace Hosted.Service;

/// <summary>Who is connected, one a line, for an operator.</summary>
internal static class PeerList
{
    public static string Describe(HostedPeerEndpoint endpoint)
        => string.Concat(endpoint.GetConnectedPeers().Select(peer =>
            $"{peer.Id} {string.Join(",", peer.Connections.Select(connection => $"{connection.Transport}/{connection.Alpn}"))} calls={peer.CallsInProgress}\n"));
}
