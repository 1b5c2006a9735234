using IrohRpc;

namespace KeyValue.Service;

/// <summary>Counts the watches of each peer. Safe to use from several threads at once.</summary>
internal sealed class WatchCount(int most)
{
    private readonly Dictionary<EndpointId, int> _counts = [];

    /// <summary>Takes a place, which disposal gives back.</summary>
    /// <exception cref="RpcException">The peer has as many watches as it may.</exception>
    public IDisposable Take(EndpointId peer)
    {
        lock (_counts)
        {
            int count = _counts.GetValueOrDefault(peer);
            if (count >= most)
            {
                throw new RpcException(RpcStatusCode.ResourceExhausted, $"A peer has at most {most} watches at once.");
            }

            _counts[peer] = count + 1;
        }

        return new Place(this, peer);
    }

    private void GiveBack(EndpointId peer)
    {
        lock (_counts)
        {
            if (--_counts[peer] == 0)
            {
                _counts.Remove(peer);
            }
        }
    }

    private sealed class Place(WatchCount owner, EndpointId peer) : IDisposable
    {
        public void Dispose() => owner.GiveBack(peer);
    }
}
