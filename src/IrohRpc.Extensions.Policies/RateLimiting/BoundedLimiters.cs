using System.Threading.RateLimiting;

namespace IrohRpc.Extensions.Policies.RateLimiting;

/// <summary>The limiters of one limit, one for each peer or method, and no more than a number of them.</summary>
internal sealed class BoundedLimiters(RateLimit limit, int most) : IDisposable
{
    // How many are looked at for one that is idle, the least recently used first.
    private const int Looked = 16;

    private readonly Lock _gate = new();
    private readonly Dictionary<(EndpointId Peer, RpcMethod? Method), LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byUse = new();
    private RateLimiter? _shared;

    public RateLimit Limit => limit;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>The limiter for a call.</summary>
    public RateLimiter Find(RpcInvocation invocation)
    {
        (EndpointId, RpcMethod?) key = (
            limit.Scope.HasFlag(RateLimitScope.Peer) ? invocation.PeerId : default,
            limit.Scope.HasFlag(RateLimitScope.Method) ? invocation.Method : null);
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value.Limiter;
            }

            if (_entries.Count >= most && !TryDropIdle())
            {
                return _shared ??= limit.Create();
            }

            var added = new LinkedListNode<Entry>(new Entry(key, limit.Create()));
            _byUse.AddFirst(added);
            _entries.Add(key, added);
            return added.Value.Limiter;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (Entry entry in _byUse)
            {
                entry.Limiter.Dispose();
            }

            _shared?.Dispose();
        }
    }

    private bool TryDropIdle()
    {
        LinkedListNode<Entry>? node = _byUse.Last;
        for (int i = 0; i < Looked && node is not null; i++, node = node.Previous)
        {
            if (node.Value.Limiter.IdleDuration is not null)
            {
                _byUse.Remove(node);
                _entries.Remove(node.Value.Key);
                node.Value.Limiter.Dispose();
                return true;
            }
        }

        return false;
    }

    private sealed record Entry((EndpointId Peer, RpcMethod? Method) Key, RateLimiter Limiter);
}
