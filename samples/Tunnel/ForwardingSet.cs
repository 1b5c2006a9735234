using System.Collections.Concurrent;
using System.Net.Sockets;
using IrohRpc;

namespace Tunnel;

/// <summary>The forwardings under way, with their totals: what the view shows.</summary>
internal sealed class ForwardingSet
{
    private readonly ConcurrentDictionary<long, Forwarding> _active = new();
    private long _total;
    private long _endedToPeer;
    private long _endedFromPeer;

    /// <summary>How many there have been.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Those under way, as a copy.</summary>
    public ICollection<Forwarding> Active => _active.Values;

    /// <summary>The bytes moved so far, those of ended forwardings included.</summary>
    public (long ToPeer, long FromPeer) Bytes
    {
        get
        {
            long toPeer = Volatile.Read(ref _endedToPeer);
            long fromPeer = Volatile.Read(ref _endedFromPeer);
            foreach (Forwarding forwarding in _active.Values)
            {
                toPeer += forwarding.BytesToPeer;
                fromPeer += forwarding.BytesFromPeer;
            }

            return (toPeer, fromPeer);
        }
    }

    /// <summary>Carries one TCP connection over one stream to its end.</summary>
    /// <returns>The code with which the peer aborted, or null.</returns>
    public async Task<long?> ForwardAsync(string from, Socket socket, PeerStream stream)
    {
        long id = Interlocked.Increment(ref _total);
        var forwarding = new Forwarding(id, from, socket, stream);
        _active[id] = forwarding;
        try
        {
            await forwarding.RunAsync();
            return forwarding.PeerCode;
        }
        finally
        {
            _active.TryRemove(id, out _);
            Interlocked.Add(ref _endedToPeer, forwarding.BytesToPeer);
            Interlocked.Add(ref _endedFromPeer, forwarding.BytesFromPeer);
        }
    }
}
