using IrohRpc;
using IrohRpc.Gossip;

namespace Chat;

/// <summary>What the user does: lines go to the current room, and those that begin with a slash are commands.</summary>
internal sealed class Conversation(SecretKey key, string nickname, PeerEndpoint endpoint, Gossip gossip, IChatView view) : IAsyncDisposable
{
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly List<EndpointAddress> _members = [];
    private Room? _current;

    public void Join(string room, IEnumerable<EndpointAddress> members)
    {
        _members.AddRange(members);
        if (!_rooms.TryGetValue(room, out Room? joined))
        {
            _rooms[room] = joined = new Room(room, key, nickname, gossip, _members, view);
        }

        _current = joined;
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await view.ReadLineAsync(cancellationToken) is { } line)
        {
            string[] words = line.Trim().Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
            switch (words)
            {
                case []:
                    break;
                case ["/quit"]:
                    return;
                case ["/ticket"]:
                    view.Note(_current!.Name, endpoint.Ticket.ToString());
                    break;
                case ["/who"]:
                    view.Note(_current!.Name, $"{string.Join(", ", _current.Present.Prepend($"{nickname} (you)"))}");
                    break;
                case ["/rooms"]:
                    view.Note(_current!.Name, string.Join(", ", _rooms.Keys.Order(StringComparer.Ordinal)));
                    break;
                case ["/room", { } room]:
                    Join(room, []);
                    break;
                case ["/leave"] when _rooms.Count > 1:
                    Room left = _current!;
                    _rooms.Remove(left.Name);
                    _current = _rooms.Values.First();
                    await left.DisposeAsync();
                    break;
                case [{ } command, ..] when command.StartsWith('/'):
                    view.Note(_current!.Name, "there are /who, /rooms, /room <name>, /leave, /ticket and /quit");
                    break;
                default:
                    if (line.Length > 2000)
                    {
                        view.Note(_current!.Name, "that is too long for one message");
                        break;
                    }

                    await _current!.SayAsync(line);
                    if (view is TerminalView)
                    {
                        view.Message(_current.Name, new ChatMessage(key.Id, ChatMessageKind.Text, nickname, line, DateTimeOffset.UtcNow), isHistory: false);
                    }

                    break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Room room in _rooms.Values)
        {
            await room.DisposeAsync();
        }
    }
}
