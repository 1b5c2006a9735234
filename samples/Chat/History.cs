using System.Runtime.CompilerServices;

namespace Chat;

/// <summary>What was said lately in each room that this member is in. Safe for several threads.</summary>
internal sealed class History : IHistory
{
    /// <summary>How many lines are kept for each room.</summary>
    public const int Length = 200;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, SortedList<(DateTimeOffset Time, string Signature), ChatLine>> _rooms = new(StringComparer.Ordinal);

    /// <summary>Keeps a genuine line.</summary>
    /// <returns>Whether it was new.</returns>
    public bool Keep(string room, ChatLine line)
    {
        lock (_lock)
        {
            if (!_rooms.TryGetValue(room, out SortedList<(DateTimeOffset Time, string Signature), ChatLine>? lines))
            {
                _rooms[room] = lines = [];
            }

            (DateTimeOffset Time, string) key = (line.Time, Convert.ToHexString(line.Signature));
            if ((lines.Count >= Length && line.Time < lines.GetKeyAtIndex(0).Time) || !lines.TryAdd(key, line))
            {
                return false;
            }

            if (lines.Count > Length)
            {
                lines.RemoveAt(0);
            }

            return true;
        }
    }

    public void Forget(string room)
    {
        lock (_lock)
        {
            _rooms.Remove(room);
        }
    }

    public async IAsyncEnumerable<ChatLine> RecentAsync(string room, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ChatLine[] lines;
        lock (_lock)
        {
            lines = _rooms.TryGetValue(room, out SortedList<(DateTimeOffset Time, string Signature), ChatLine>? kept) ? [.. kept.Values] : [];
        }

        foreach (ChatLine line in lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return line;
        }

        await Task.CompletedTask;
    }
}
