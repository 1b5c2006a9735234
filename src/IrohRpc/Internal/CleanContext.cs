namespace IrohRpc.Internal;

/// <summary>
/// An execution context without async locals for the code of handlers. A transport may complete a read in the context of the code that bound or dialled; none of that
/// concerns a call.
/// </summary>
internal static class CleanContext
{
    private static readonly ExecutionContext Empty = MakeEmpty();

    /// <summary>Empties the context of this thread.</summary>
    /// <returns>What <see cref="Leave"/> restores.</returns>
    public static ExecutionContext? Enter()
    {
        ExecutionContext? context = ExecutionContext.Capture();
        Reset();
        return context;
    }

    /// <summary>Drops what the code that just ran left in the context.</summary>
    public static void Reset()
    {
        if (!ReferenceEquals(ExecutionContext.Capture(), Empty))
        {
            ExecutionContext.Restore(Empty);
        }
    }

    /// <summary>Restores the context of this thread.</summary>
    public static void Leave(ExecutionContext? context)
    {
        if (context is not null && !ReferenceEquals(context, Empty))
        {
            ExecutionContext.Restore(context);
        }
    }

    private static ExecutionContext MakeEmpty()
    {
        // A new thread that inherits nothing has the context that is wanted.
        ExecutionContext? empty = null;
        var thread = new Thread(() => empty = ExecutionContext.Capture());
        thread.UnsafeStart();
        thread.Join();
        return empty!;
    }
}
