using IrohRpc;

namespace Chat;

/// <summary>What the user does: lines go to the current room, and those that begin with a slash are commands.</summary>
internal sealed class Conversation(Me me, History history, IChatView view) : IAsyncDisposable
{
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly List<EndpointAddress> _members = [];
    private Room? _current;

    public void Join(string room, IEnumerable<EndpointAddress> members)
    {
        _members.AddRange(members);
        if (!_rooms.TryGetValue(room, out Room? joined))
        {
            _rooms[room] = joined = new Room(room, me, history, _members, view);
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
                    view.Note(_current!.Name, me.Endpoint.Ticket.ToString());
                    break;
                case ["/who"]:
                    view.Note(_current!.Name, $"{string.Join(", ", _current.Present.Prepend($"{me.Nickname} (you)"))}");
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
                    Say(line);
                    break;
            }
        }
    }

    private void Say(string text)
    {
        try
        {
            ChatLine? line = text.Length <= ChatLine.MaxTextLength ? _current!.Say(text) : null;
            if (line is null)
            {
                view.Note(_current!.Name, $"that is too long for one message, which has at most {ChatLine.MaxTextLength} characters");
            }
            else if (view is TerminalView)
            {
                view.Line(_current!.Name, line, isHistory: false);
            }
        }
        catch (RpcException failure) when (failure.StatusCode == RpcStatusCode.ResourceExhausted)
        {
            view.Note(_current!.Name, "that is too long for one message");
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
