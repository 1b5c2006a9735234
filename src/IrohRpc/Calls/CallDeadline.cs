using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>When a call is given up.</summary>
internal static class CallDeadline
{
    // Timers are limited to about 49 days; longer deadlines mean none.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(46);

    /// <summary>The earliest of the context's, the invoker's and that of the handler that makes the call, as a timestamp of the invoker's clock; null for never.</summary>
    public static long? Find(CallInvoker invoker, CallContext? context)
    {
        TimeSpan? timeout = context?.Timeout ?? invoker.Timeout;
        if (context?.Deadline is { } deadline)
        {
            timeout = Earlier(timeout, deadline - invoker.TimeProvider.GetUtcNow());
        }

        if (AmbientDeadline.TimeLeft() is { } left)
        {
            timeout = Earlier(timeout, left);
        }

        return timeout is { } span && span < Longest
            ? invoker.TimeProvider.GetTimestamp() + (long)(Math.Max(0, span.TotalSeconds) * invoker.TimeProvider.TimestampFrequency)
            : null;
    }

    private static TimeSpan Earlier(TimeSpan? one, TimeSpan other) => one is { } span && span < other ? span : other;
}
