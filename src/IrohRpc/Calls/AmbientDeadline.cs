namespace IrohRpc.Calls;

/// <summary>The deadline of the call that the current code handles, so that the calls which it makes end with it.</summary>
internal static class AmbientDeadline
{
    private static readonly AsyncLocal<Box?> Current = new();

    /// <summary>Sets the deadline for the code that runs from here on in this flow of control.</summary>
    public static void Set(TimeProvider clock, long timestamp) => Current.Value = new Box(clock, timestamp);

    /// <summary>How much time is left of the call that the current code handles; null without a deadline.</summary>
    public static TimeSpan? TimeLeft()
        => Current.Value is { } box ? box.Clock.GetElapsedTime(box.Clock.GetTimestamp(), box.Timestamp) : null;

    private sealed record Box(TimeProvider Clock, long Timestamp);
}
