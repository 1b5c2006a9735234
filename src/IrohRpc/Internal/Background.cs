namespace IrohRpc.Internal;

/// <summary>Starts loops that live longer than the call that starts them.</summary>
internal static class Background
{
    /// <summary>Starts a task that keeps nothing of the caller's execution context.</summary>
    public static Task Start(Func<Task> run)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            return run();
        }

        using (ExecutionContext.SuppressFlow())
        {
            return run();
        }
    }
}
