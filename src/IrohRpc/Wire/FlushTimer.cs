namespace IrohRpc.Wire;

/// <summary>
/// Makes items leave that a source has produced and keeps its thread behind: an iterator that blocks or computes between its items gives nobody else the chance to
/// flush.
/// </summary>
internal static class FlushTimer
{
    // Long enough to gather many items of a fast source, short enough that nobody notices the wait.
    private const int Milliseconds = 5;

    private static readonly Lock Gate = new();
    private static readonly Timer Timer = Start();
    private static List<FrameSender> _armed = [];
    private static List<FrameSender> _spare = [];

    /// <summary>Flushes a sender soon.</summary>
    public static void Arm(FrameSender sender)
    {
        lock (Gate)
        {
            _armed.Add(sender);
            if (_armed.Count == 1)
            {
                Timer.Change(Milliseconds, Timeout.Infinite);
            }
        }
    }

    private static Timer Start()
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return new Timer(static _ => FlushAll());
        }

        using (ExecutionContext.SuppressFlow())
        {
            return new Timer(static _ => FlushAll());
        }
    }

    private static void FlushAll()
    {
        List<FrameSender> due;
        lock (Gate)
        {
            due = _armed;
            _armed = _spare;
            _spare = [];
        }

        foreach (FrameSender sender in due)
        {
            sender.FlushArmed();
        }

        due.Clear();
        lock (Gate)
        {
            _spare = due;
        }
    }
}
