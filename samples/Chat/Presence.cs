using IrohRpc;

namespace Chat;

/// <summary>Who is in a room: whoever said so lately. Safe for several threads.</summary>
internal sealed class Presence
{
    private const int MaxMembers = 1000;
    private static readonly TimeSpan GoneAfter = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly Dictionary<EndpointId, (string Name, DateTimeOffset Seen)> _members = [];

    public IReadOnlyList<string> Names
    {
        get
        {
            lock (_lock)
            {
                return [.. _members.Select(static member => Describe(member.Key, member.Value.Name)).Order(StringComparer.Ordinal)];
            }
        }
    }

    public static string Describe(EndpointId member, string name) => $"{PeerText.Escape(name)} ({member.ToShortString()})";

    /// <returns>Whether the member is new.</returns>
    public bool Saw(EndpointId member, string name, DateTimeOffset now)
    {
        lock (_lock)
        {
            bool isNew = !_members.ContainsKey(member);
            if (isNew && _members.Count >= MaxMembers)
            {
                return false;
            }

            _members[member] = (name, now);
            return isNew;
        }
    }

    /// <returns>Whether the member was there.</returns>
    public bool Left(EndpointId member)
    {
        lock (_lock)
        {
            return _members.Remove(member);
        }
    }

    /// <summary>Takes out those that were not heard for a while.</summary>
    public IReadOnlyList<string> TakeGone(DateTimeOffset now)
    {
        lock (_lock)
        {
            KeyValuePair<EndpointId, (string Name, DateTimeOffset Seen)>[] gone = [.. _members.Where(member => now - member.Value.Seen > GoneAfter)];
            foreach (KeyValuePair<EndpointId, (string Name, DateTimeOffset Seen)> member in gone)
            {
                _members.Remove(member.Key);
            }

            return [.. gone.Select(static member => Describe(member.Key, member.Value.Name))];
        }
    }
}
