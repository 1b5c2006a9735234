using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Paths;

/// <summary>The paths of a connection on which multipath was negotiated, by their ids, and the limits on them.</summary>
internal sealed class MultipathState
{
    // A peer may open paths in another order; further back than it has ids there is nothing left to open.
    private const int MaxGap = 16;

    private readonly IConnectionIdRegistry _registry;
    private OffsetRanges _discarded;

    /// <summary>Starts with the path of the handshake.</summary>
    /// <param name="first">That path.</param>
    /// <param name="registry">Where ids come from.</param>
    /// <param name="localMax">The highest path id that this side lets the peer use.</param>
    /// <param name="peerMax">The highest that the peer lets this side use.</param>
    public MultipathState(ConnectionPath first, IConnectionIdRegistry registry, long localMax, long peerMax)
    {
        _registry = registry;
        First = first;
        Active = first;
        Selected = first;
        Paths.Add(first);
        LocalMax = localMax;
        PeerMax = peerMax;
    }

    /// <summary>All paths that are not discarded, open or not.</summary>
    public List<ConnectionPath> Paths { get; } = [];

    /// <summary>The path of the handshake, discarded or not.</summary>
    public ConnectionPath First { get; }

    /// <summary>The path that the connection works on at this moment.</summary>
    public ConnectionPath Active { get; set; }

    /// <summary>The path that carries the application's data.</summary>
    public ConnectionPath Selected { get; set; }

    /// <summary>The highest path id that this side lets the peer use.</summary>
    public long LocalMax { get; private set; }

    /// <summary>The highest path id that the peer lets this side use.</summary>
    public long PeerMax { get; set; }

    /// <summary>The highest path id that both allow.</summary>
    public long Max => Math.Min(LocalMax, PeerMax);

    /// <summary>The id of the next path that this side opens.</summary>
    public long NextId { get; set; } = 1;

    /// <summary>The highest id of a path that was opened or given up.</summary>
    public long HighestUsed { get; set; }

    /// <summary>Whether MAX_PATH_ID is to be sent.</summary>
    public bool MustSendMax { get; set; }

    /// <summary>Whether PATHS_BLOCKED is to be sent.</summary>
    public bool MustSendBlocked { get; set; }

    /// <summary>When a connection without a path that works is given up.</summary>
    public TimeSpan NoPathDeadline { get; set; } = TimeSpan.MaxValue;

    /// <summary>The path with an id, open or not; null where there is none.</summary>
    public ConnectionPath? Find(long id)
    {
        foreach (ConnectionPath path in Paths)
        {
            if (path.Id == id)
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>The path that a connection id of this side belongs to; null where it is of none.</summary>
    public ConnectionPath? Find(in ConnectionId id)
    {
        // Most packets come on the selected path.
        if (Selected.LocalIds.Contains(id))
        {
            return Selected;
        }

        foreach (ConnectionPath path in Paths)
        {
            if (path != Selected && path.LocalIds.Contains(id))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>The path with an id that is within the limits, prepared where nobody has used it yet; null where it was discarded.</summary>
    public ConnectionPath? FindOrPrepare(long id)
    {
        if (Find(id) is { } path)
        {
            return path;
        }

        if (IsDiscarded(id))
        {
            return null;
        }

        path = new ConnectionPath(id, new LocalConnectionIds(_registry, id), new PeerConnectionIds(id));
        Paths.Add(path);
        return path;
    }

    /// <summary>Whether a path had its time.</summary>
    public bool IsDiscarded(long id) => _discarded.Contains(id);

    /// <summary>
    /// Forgets an abandoned path; another may take its place. The peer gets one more id only now, so that it cannot make this side hold more paths than it allowed,
    /// however fast it opens them and gives them up.
    /// </summary>
    public void Discard(ConnectionPath path)
    {
        path.LocalIds.RetireAll();
        Paths.Remove(path);
        _discarded.Add(path.Id, path.Id + 1);
        if (LocalMax < uint.MaxValue)
        {
            LocalMax++;
            MustSendMax = true;
        }
    }

    /// <summary>Issues ids for the next paths that may be opened.</summary>
    /// <param name="ahead">For how many beyond those that are open.</param>
    /// <param name="count">How many ids for each.</param>
    public void IssueIds(int ahead, int count)
    {
        for (long id = Math.Max(1, HighestUsed - MaxGap); id <= Math.Min(Max, HighestUsed + ahead); id++)
        {
            if (FindOrPrepare(id) is { IsAbandoned: false } path && path.LocalIds.Count == 0)
            {
                path.LocalIds.SetLimit(count);
            }
        }
    }
}
