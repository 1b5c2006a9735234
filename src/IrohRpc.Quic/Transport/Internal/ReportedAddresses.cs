using System.Net;
using System.Runtime.InteropServices;

namespace IrohRpc.Quic.Transport.Internal;

/// <summary>Where the peers of open connections say that they see the endpoint's sockets. Those count first that most peers agree on.</summary>
/// <remarks>What a peer says is a hint that is only ever tried, and lasts as long as its connection. One peer counts once, however many connections it has.</remarks>
internal sealed class ReportedAddresses
{
    /// <summary>How many addresses count at most.</summary>
    public const int MaxCurrent = 4;

    // Beyond them, peers invent addresses.
    private const int MaxKnown = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<object, (EndpointId Peer, IPEndPoint EndPoint)> _reports = [];
    private readonly Dictionary<IPEndPoint, Dictionary<EndpointId, int>> _peers = [];
    private ReportedAddress[] _current = [];

    /// <summary>Called when <see cref="Current"/> has changed, on a thread of the pool.</summary>
    public Action? Changed { get; set; }

    /// <summary>The addresses, the one that most peers agree on first.</summary>
    public IReadOnlyList<ReportedAddress> Current => Volatile.Read(ref _current);

    /// <summary>A peer has said where it sees this endpoint.</summary>
    /// <param name="connection">The connection, of which the last word counts.</param>
    /// <param name="peer">Who is at its other end.</param>
    /// <param name="endPoint">The address.</param>
    public void Set(object connection, EndpointId peer, IPEndPoint endPoint)
    {
        lock (_lock)
        {
            Withdraw(connection);
            if (_peers.Count < MaxKnown || _peers.ContainsKey(endPoint))
            {
                _reports[connection] = (peer, endPoint);
                Dictionary<EndpointId, int> peers = CollectionsMarshal.GetValueRefOrAddDefault(_peers, endPoint, out _) ??= [];
                CollectionsMarshal.GetValueRefOrAddDefault(peers, peer, out _)++;
            }

            Update();
        }
    }

    /// <summary>A connection has ended.</summary>
    public void Remove(object connection)
    {
        lock (_lock)
        {
            if (Withdraw(connection))
            {
                Update();
            }
        }
    }

    private bool Withdraw(object connection)
    {
        if (!_reports.Remove(connection, out (EndpointId Peer, IPEndPoint EndPoint) report))
        {
            return false;
        }

        Dictionary<EndpointId, int> peers = _peers[report.EndPoint];
        if (--CollectionsMarshal.GetValueRefOrNullRef(peers, report.Peer) == 0)
        {
            peers.Remove(report.Peer);
        }

        if (peers.Count == 0)
        {
            _peers.Remove(report.EndPoint);
        }

        return true;
    }

    // Within the lock. The sort is stable, so that of equals the one that is known longest stays.
    private void Update()
    {
        ReportedAddress[] current = [.. _peers.Select(static pair => new ReportedAddress(pair.Key, pair.Value.Count)).OrderByDescending(static report => report.Peers).Take(MaxCurrent)];
        if (current.AsSpan().SequenceEqual(_current))
        {
            return;
        }

        Volatile.Write(ref _current, current);
        if (Changed is { } changed)
        {
            // The caller holds the lock of its connection; whoever hears of it takes those of others.
            ThreadPool.UnsafeQueueUserWorkItem(static changed => changed(), changed, preferLocal: false);
        }
    }
}
