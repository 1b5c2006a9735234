using System.Diagnostics.CodeAnalysis;

namespace IrohRpc.Routing.Internal.Accepting;

/// <summary>
/// The connections that were accepted, handshakes included, up to a limit and a limit per source. Where it is full, the connection whose streams have carried nothing
/// for longest makes room, of the sources that have most: who connects and says nothing keeps nobody out.
/// </summary>
/// <remarks>
/// What a connection carries is looked at when another dials and places are getting scarce, not as it happens: that costs calls nothing, and how long a connection has been idle is
/// known to <see cref="LookInterval"/>.
/// </remarks>
internal sealed class ConnectionLine(int limit, int limitPerSource, TimeSpan idleToGiveWay, TimeProvider clock)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<SourceKey, Group> _groups = [];
    private int _count;
    private long _lookedAt = clock.GetTimestamp();

    // Before then nobody has been idle for long enough, as the last search found.
    private TimeSpan? _nextSearch;
    private readonly long _startedAt = clock.GetTimestamp();

    /// <summary>How many places are taken.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _count;
            }
        }
    }

    /// <summary>How many sources have places.</summary>
    public int SourceCount
    {
        get
        {
            lock (_gate)
            {
                return _groups.Count;
            }
        }
    }

    /// <summary>Takes a place.</summary>
    /// <param name="source">Who dials.</param>
    /// <param name="place">The place.</param>
    /// <param name="refusal">Why there is none.</param>
    public bool TryEnter(SourceKey source, [NotNullWhen(true)] out Place? place, [NotNullWhen(false)] out string? refusal)
    {
        Place? victim = null;
        lock (_gate)
        {
            long now = clock.GetTimestamp();
            Group? own = _groups.GetValueOrDefault(source);
            int ownCount = own?.Places.Count ?? 0;
            if (ownCount >= limitPerSource || _count >= limit)
            {
                victim = ownCount >= limitPerSource ? FindIdle(own!, now) : FindIdle(ownCount + 1, now);
                if (victim is null)
                {
                    place = null;
                    refusal = ownCount >= limitPerSource ? "there are too many connections from this address" : "there are too many connections";
                    return false;
                }

                Remove(victim);
            }
            else if ((ownCount >= limitPerSource / 2 || _count >= limit / 2) && clock.GetElapsedTime(_lookedAt, now) >= LookInterval)
            {
                Look(now);
            }

            if (!_groups.TryGetValue(source, out own))
            {
                _groups[source] = own = new Group();
            }

            place = new Place(this, source, clock);
            place.Node = own.Places.AddLast(place);
            _count++;
        }

        victim?.GiveWay();
        refusal = null;
        return true;
    }

    private void Look(long now)
    {
        _lookedAt = now;
        foreach (Group group in _groups.Values)
        {
            foreach (Place place in group.Places)
            {
                place.MeasureIdle(now);
            }
        }
    }

    private Place? FindIdle(Group group, long now) => Search(ref group.NextSearch, now, [group]);

    // Of sources that have at least so many places: those that have most, and if all of theirs are in use, any.
    private Place? FindIdle(int least, long now)
    {
        int most = _groups.Values.Max(static group => group.Places.Count);
        Place? found = SearchAnew(Math.Max(most, least), now);

        // Only a search among all says anything about the next one.
        return found ?? (least == 1 ? Search(ref _nextSearch, now, _groups.Values) : SearchAnew(least, now));
    }

    private Place? SearchAnew(int least, long now)
    {
        TimeSpan? none = null;
        return Search(ref none, now, _groups.Values.Where(group => group.Places.Count >= least));
    }

    private Place? Search(ref TimeSpan? nextSearch, long now, IEnumerable<Group> groups)
    {
        TimeSpan time = clock.GetElapsedTime(_startedAt, now);
        if (idleToGiveWay == Timeout.InfiniteTimeSpan || time < nextSearch)
        {
            return null;
        }

        Place? found = null;
        TimeSpan longest = TimeSpan.MinValue;
        foreach (Group group in groups)
        {
            foreach (Place place in group.Places)
            {
                if (place.MeasureIdle(now) is { } idle && idle > longest)
                {
                    (found, longest) = (place, idle);
                }
            }
        }

        if (found is not null && longest >= idleToGiveWay)
        {
            nextSearch = null;
            return found;
        }

        // Whoever comes in meanwhile is idle for long enough later than that.
        nextSearch = time + (found is null ? idleToGiveWay : idleToGiveWay - longest);
        return null;
    }

    private void Leave(Place place)
    {
        lock (_gate)
        {
            Remove(place);
        }
    }

    private void Remove(Place place)
    {
        if (place.Node is not { } node)
        {
            return;
        }

        place.Node = null;
        _count--;
        Group group = _groups[place.Source];
        group.Places.Remove(node);
        if (group.Places.Count == 0)
        {
            _groups.Remove(place.Source);
        }
    }

    private sealed class Group
    {
        public TimeSpan? NextSearch;

        public LinkedList<Place> Places { get; } = new();
    }

    /// <summary>The place of one connection.</summary>
    public sealed class Place(ConnectionLine line, SourceKey source, TimeProvider clock)
    {
        private Func<long?>? _traffic;
        private Action? _giveWay;
        private long _seen;
        private long _seenAt;

        public SourceKey Source => source;

        /// <summary>Where it stands among those of its source; null once it has left. Guarded by the line.</summary>
        internal LinkedListNode<Place>? Node { get; set; }

        /// <summary>The handshake is done: from now on the connection may give way to others.</summary>
        /// <param name="traffic">Yields a number that changes when the connection carries something; null where it does not count. It takes no lock.</param>
        /// <param name="giveWay">Closes the connection.</param>
        public void Connected(Func<long?> traffic, Action giveWay)
        {
            _giveWay = giveWay;
            _seen = traffic() ?? 0;
            _seenAt = clock.GetTimestamp();
            Volatile.Write(ref _traffic, traffic);
        }

        /// <summary>Gives the place back. May be called more than once.</summary>
        public void Leave() => line.Leave(this);

        /// <summary>How long the connection has been idle; null for a handshake, and for a connection that does not count. Guarded by the line.</summary>
        internal TimeSpan? MeasureIdle(long now)
        {
            if (Volatile.Read(ref _traffic)?.Invoke() is not { } traffic)
            {
                return null;
            }

            if (traffic != _seen)
            {
                (_seen, _seenAt) = (traffic, now);
            }

            return clock.GetElapsedTime(_seenAt, now);
        }

        internal void GiveWay() => _giveWay!();
    }
}
