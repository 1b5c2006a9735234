namespace IrohRpc.Relay.Internal;

/// <summary>
/// The datagrams that wait for one client. Senders are served in turn, and when there is no more room, the sender that has most of it loses its oldest
/// message: whoever floods a client takes room from itself only.
/// </summary>
/// <remarks>Not safe for several threads: its owner guards it.</remarks>
internal sealed class FairQueue(int maxMessages, int maxBytes)
{
    private readonly Dictionary<EndpointId, Line> _lines = [];
    private readonly Queue<Line> _turns = new();

    /// <summary>How many messages wait.</summary>
    public int Count { get; private set; }

    /// <summary>How many bytes wait.</summary>
    public int Bytes { get; private set; }

    /// <summary>Adds a message.</summary>
    /// <returns>How many messages had to go for it.</returns>
    public int Enqueue(EndpointId sender, RelayMessage message)
    {
        if (!_lines.TryGetValue(sender, out Line? line))
        {
            line = new Line(sender);
            _lines.Add(sender, line);
            _turns.Enqueue(line);
        }

        Add(line, message);
        int dropped = 0;
        while (Count > maxMessages || Bytes > maxBytes)
        {
            Take(Count > maxMessages ? Largest(static line => line.Messages.Count) : Largest(static line => line.Bytes)).Release();
            dropped++;
        }

        return dropped;
    }

    /// <summary>Takes the next message.</summary>
    public bool TryDequeue(out RelayMessage message)
    {
        while (_turns.TryDequeue(out Line? line))
        {
            if (line.Messages.Count == 0)
            {
                // What it had was dropped.
                _lines.Remove(line.Sender);
                continue;
            }

            message = Take(line);
            if (line.Messages.Count > 0)
            {
                _turns.Enqueue(line);
            }
            else
            {
                _lines.Remove(line.Sender);
            }

            return true;
        }

        message = default;
        return false;
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        while (TryDequeue(out RelayMessage message))
        {
            message.Release();
        }
    }

    private Line Largest(Func<Line, int> size)
    {
        Line? largest = null;
        foreach (Line line in _turns)
        {
            if (largest is null || size(line) > size(largest))
            {
                largest = line;
            }
        }

        return largest!;
    }

    private void Add(Line line, RelayMessage message)
    {
        line.Messages.Enqueue(message);
        line.Bytes += message.Length;
        Bytes += message.Length;
        Count++;
    }

    private RelayMessage Take(Line line)
    {
        RelayMessage message = line.Messages.Dequeue();
        line.Bytes -= message.Length;
        Bytes -= message.Length;
        Count--;
        return message;
    }

    private sealed class Line(EndpointId sender)
    {
        public EndpointId Sender { get; } = sender;

        public Queue<RelayMessage> Messages { get; } = new();

        public int Bytes { get; set; }
    }
}
