namespace IrohRpc.Multiplexing.Streams;

/// <summary>
/// The streams that have data to send, in the order in which they get to send it: a higher priority goes before any lower one, and streams of
/// one priority take turns of <c>quantum</c> bytes, so that they share what there is evenly.
/// </summary>
internal sealed class StreamScheduler(int quantum)
{
    private Level[] _levels = [];

    /// <summary>Whether no stream stands in line.</summary>
    public bool IsEmpty
    {
        get
        {
            foreach (Level level in _levels)
            {
                if (level.HasAny)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Whether a stream stands in line that goes before those of the usual priority.</summary>
    public bool HasPreferred => _levels.Length > 0 && _levels[0] is { Priority: > 0, HasAny: true };

    /// <summary>Puts a stream at the end of the line of its priority.</summary>
    public void Enqueue(MultiplexedStream stream) => LevelOf(stream.Priority).Waiting.Enqueue(stream);

    /// <summary>The stream whose turn it is. It stays in line until <see cref="Leave"/>.</summary>
    public bool TryPeek(out MultiplexedStream stream)
    {
        foreach (Level level in _levels)
        {
            if (level.Current is null && level.Waiting.TryDequeue(out level.Current))
            {
                level.Left = quantum;
            }

            if (level.Current is not null)
            {
                stream = level.Current;
                return true;
            }
        }

        stream = null!;
        return false;
    }

    /// <summary>The stream whose turn it is has sent bytes, and has more: its turn ends once its quantum is used up.</summary>
    public void Charge(int bytes)
    {
        Level level = CurrentLevel();
        level.Left -= bytes;
        if (level.Left <= 0)
        {
            MultiplexedStream stream = level.Current!;
            level.Current = null;
            Enqueue(stream);
        }
    }

    /// <summary>The stream whose turn it is leaves the line.</summary>
    public void Leave() => CurrentLevel().Current = null;

    /// <summary>Takes a stream out of line, wherever it stands.</summary>
    public void Remove(MultiplexedStream stream)
    {
        Level level = LevelOf(stream.Priority);
        if (level.Current == stream)
        {
            level.Current = null;
            return;
        }

        for (int left = level.Waiting.Count; left > 0 && level.Waiting.TryDequeue(out MultiplexedStream? other); left--)
        {
            if (other != stream)
            {
                level.Waiting.Enqueue(other);
            }
        }
    }

    /// <summary>Empties the line.</summary>
    public void Clear() => _levels = [];

    private Level CurrentLevel() => Array.Find(_levels, static level => level.Current is not null)!;

    private Level LevelOf(int priority)
    {
        int index = 0;
        for (; index < _levels.Length && _levels[index].Priority >= priority; index++)
        {
            if (_levels[index].Priority == priority)
            {
                return _levels[index];
            }
        }

        var level = new Level(priority);
        _levels = [.. _levels.AsSpan(0, index), level, .. _levels.AsSpan(index)];
        return level;
    }

    private sealed class Level(int priority)
    {
        public readonly int Priority = priority;
        public StreamQueue Waiting;
        public MultiplexedStream? Current;
        public int Left;

        public bool HasAny => Current is not null || Waiting.Count > 0;
    }
}
