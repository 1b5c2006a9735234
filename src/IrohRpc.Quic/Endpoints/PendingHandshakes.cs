using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.Endpoints;

/// <summary>
/// The incoming handshakes that are under way, and who has to wait when there are too many: whoever has said the least for the longest, and whoever has the
/// most already.
/// </summary>
/// <remarks>An entry costs memory and the work of a handshake, and anybody can send from an address that is not theirs. Thread-safe.</remarks>
internal sealed class PendingHandshakes
{
    // A client that is there answers within a round trip or two.
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _entries = new();
    private readonly Dictionary<UdpAddress, int> _counts = [];
    private readonly int _capacity;
    private readonly int _capacityPerHost;
    private readonly int _unvalidatedCapacity;

    /// <summary>Starts with none.</summary>
    /// <param name="capacity">How many there may be.</param>
    public PendingHandshakes(int capacity)
    {
        _capacity = capacity;
        _capacityPerHost = Math.Max(1, capacity / 2);
        _unvalidatedCapacity = Math.Max(1, capacity / 8);
    }

    /// <summary>How many are under way.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Whether there are so many that a client has to show first that it is where it says, which costs it a round trip and this side nothing.</summary>
    public bool DemandsRetry => Count >= _unvalidatedCapacity;

    /// <summary>Takes a place.</summary>
    /// <param name="client">Where the client is.</param>
    /// <param name="now">The time.</param>
    /// <param name="shed">A handshake that has to go for it, which the caller ends.</param>
    /// <returns>The place; null where the client has to try again later, as it does by itself when it hears nothing.</returns>
    public Entry? TryAdd(in UdpAddress client, TimeSpan now, out Entry? shed)
    {
        shed = null;
        UdpAddress host = HostOf(client);
        lock (_lock)
        {
            bool isFull = _entries.Count >= _capacity;
            bool isHostFull = _counts.GetValueOrDefault(host) >= _capacityPerHost;
            if (isFull || isHostFull)
            {
                shed = FindSilent(now, isHostFull ? host : null);
                if (shed is null)
                {
                    return null;
                }

                RemoveCore(shed);
            }

            var entry = new Entry(host, now);
            _entries.AddLast(entry.Node);
            _counts[host] = _counts.GetValueOrDefault(host) + 1;
            return entry;
        }
    }

    /// <summary>Gives a place back. Without effect the second time.</summary>
    public void Remove(Entry entry)
    {
        lock (_lock)
        {
            RemoveCore(entry);
        }
    }

    private Entry? FindSilent(TimeSpan now, UdpAddress? host)
    {
        foreach (Entry entry in _entries)
        {
            if (now - entry.Start < Silence)
            {
                return null; // as are all that follow
            }

            if (!entry.HasAnswered && (host is null || entry.Host == host))
            {
                return entry;
            }
        }

        return null;
    }

    private void RemoveCore(Entry entry)
    {
        if (entry.Node.List is null)
        {
            return;
        }

        _entries.Remove(entry.Node);
        int count = _counts[entry.Host] - 1;
        if (count == 0)
        {
            _counts.Remove(entry.Host);
        }
        else
        {
            _counts[entry.Host] = count;
        }
    }

    // Who has one IPv6 address has the other 2^64 of its network as well.
    private static UdpAddress HostOf(in UdpAddress address)
    {
        if (address.Relayed is not null)
        {
            return address;
        }

        Span<byte> bytes = stackalloc byte[16];
        int length = address.WriteAddress(bytes);
        if (length == 16)
        {
            bytes[8..].Clear();
        }

        return UdpAddress.Create(bytes[..length], 0);
    }

    /// <summary>One handshake's place.</summary>
    internal sealed class Entry
    {
        /// <summary>Makes a place.</summary>
        public Entry(UdpAddress host, TimeSpan start)
        {
            Host = host;
            Start = start;
            Node = new LinkedListNode<Entry>(this);
        }

        /// <summary>Where the client is.</summary>
        public UdpAddress Host { get; }

        /// <summary>When the handshake began.</summary>
        public TimeSpan Start { get; }

        /// <summary>The connection.</summary>
        public EndpointConnection? Connection { get; set; }

        /// <summary>Whether the client sent more than its first datagram.</summary>
        public bool HasAnswered { get; set; }

        internal LinkedListNode<Entry> Node { get; }
    }
}
