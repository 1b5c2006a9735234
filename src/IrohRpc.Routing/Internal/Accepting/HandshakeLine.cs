using IrohRpc.Transports;

namespace IrohRpc.Routing.Internal.Accepting;

/// <summary>
/// The handshakes in progress over one transport, up to a limit. Where it is full, the handshake that has been silent for longest makes room, of the source that has most of
/// them: who dials and speaks always finds a place, however many dial and say nothing.
/// </summary>
internal sealed class HandshakeLine(int limit, int limitPerSource)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Place> _places = new();
    private readonly Dictionary<SourceKey, int> _perSource = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _places.Count;
            }
        }
    }

    /// <summary>A place for a handshake; null where there is none, and nobody gives up another for it.</summary>
    public Place? TryEnter(SourceKey source)
    {
        Place? victim = null;
        var place = new Place(this, source);
        lock (_gate)
        {
            int own = _perSource.GetValueOrDefault(source);
            if (own >= limitPerSource || _places.Count >= limit)
            {
                victim = own >= limitPerSource ? FindVictim(source, own) : FindVictim(null, own + 1);
                if (victim is null)
                {
                    return null;
                }

                Remove(victim);
            }

            place.Node = _places.AddLast(place);
            _perSource[source] = _perSource.GetValueOrDefault(source) + 1;
        }

        victim?.Handshake!.GiveUp();
        return place;
    }

    // Silent, of the sources that have most, and of theirs one that has come less far than the others; among equals the oldest.
    private Place? FindVictim(SourceKey? source, int least)
    {
        Place? found = null;
        (int Crowd, int Progress) best = default;
        foreach (Place place in _places)
        {
            int crowd = _perSource[place.Source];
            if (crowd < least || (source is { } only && place.Source != only) || place.Handshake is not { } handshake)
            {
                continue;
            }

            (int Crowd, int Progress) rank = (crowd, -handshake.Progress);
            if ((found is null || rank.CompareTo(best) > 0) && handshake.IsWaitingForDialler)
            {
                (found, best) = (place, rank);
            }
        }

        return found;
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
        _places.Remove(node);
        int left = _perSource[place.Source] - 1;
        if (left == 0)
        {
            _perSource.Remove(place.Source);
        }
        else
        {
            _perSource[place.Source] = left;
        }
    }

    /// <summary>The place of one handshake.</summary>
    public sealed class Place(HandshakeLine line, SourceKey source)
    {
        private volatile IPendingHandshake? _handshake;

        public SourceKey Source => source;

        /// <summary>The handshake, where its transport shows it.</summary>
        public IPendingHandshake? Handshake
        {
            get => _handshake;
            set => _handshake = value;
        }

        /// <summary>Where it stands in the line; null once it has left. Guarded by the line.</summary>
        internal LinkedListNode<Place>? Node { get; set; }

        /// <summary>Gives the place back. May be called more than once.</summary>
        public void Leave() => line.Leave(this);
    }
}
