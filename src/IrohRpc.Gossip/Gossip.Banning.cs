using System.Buffers.Binary;
using IrohRpc.Gossip.Messages;
using IrohRpc.Gossip.Net;

namespace IrohRpc.Gossip;

/// <content>Peers that broke the rules.</content>
public sealed partial class Gossip
{
    private bool IsBanned(EndpointId peer)
    {
        if (_banned.TryGetValue(peer, out TimeSpan until))
        {
            if (until > Now)
            {
                return true;
            }

            _banned.Remove(peer);
        }

        return false;
    }

    private void Ban(EndpointId peer, string problem)
    {
        if (_banned.Count >= _options.MaxPeers)
        {
            _banned.Remove(_banned.MinBy(static entry => entry.Value).Key);
        }

        if (!IsBanned(peer))
        {
            GossipLog.PeerDropped(_logger, peer, problem);
        }

        _banned[peer] = Now + _options.BanDuration;
        if (_links.TryGetValue(peer, out PeerLink? link))
        {
            CloseAll(link, problem);
        }
    }

    private void CloseAll(PeerLink link, string reason)
    {
        link.DropQueue();
        foreach (PeerConnection connection in link.Connections)
        {
            Track(connection.CloseAsync(BannedCode, reason, CancellationToken.None).AsTask());
        }
    }
}
