namespace IrohRpc.Model;

/// <summary>What may become of a call: the whole of what callers are promised, in a page.</summary>
internal static class ReferenceModel
{
    /// <summary>Compares a call that has ended with what is promised.</summary>
    /// <returns>What is wrong; null where nothing is.</returns>
    public static string? Check(ModelCall call)
    {
        if (call.Wrong is not null)
        {
            return call.Wrong;
        }

        if (call.Outcomes != 1)
        {
            return $"it ended {call.Outcomes} times";
        }

        if (call.Starts != call.Ends)
        {
            return "its handler has not ended";
        }

        if (call.Starts > 1 && !call.IsIdempotent)
        {
            return "its handler ran more than once";
        }

        if (call.Failure is null)
        {
            return Success(call);
        }

        if (call.Failure is RpcException { IsNotStarted: true } && call.Starts > 0 && !call.HasOpened)
        {
            return "it is said not to have started, and has";
        }

        return IsAllowed(call, call.Failure) ? null : "the model does not allow that outcome";
    }

    private static string? Success(ModelCall call)
    {
        if (call.Shape == Shape.Post)
        {
            // A one-way call has left; only where nothing disturbs its path is it certain to arrive.
            return call.Starts == 1 || call.WasDisturbed || call.WasClosed ? null : "it was posted and never arrived";
        }

        if (call.Starts == 0)
        {
            return "it succeeded, and no handler ran";
        }

        return call.Script is Script.Fail or Script.Throw && call.LeavesAfter is null ? "its handler failed, and it succeeded" : null;
    }

    private static bool IsAllowed(ModelCall call, Exception failure) => failure switch
    {
        OperationCanceledException => call.WasCancelled,
        ObjectDisposedException => call.WasClosed,
        RpcException rpc => IsAllowed(call, rpc),
        _ => false,
    };

    private static bool IsAllowed(ModelCall call, RpcException failure) => failure.StatusCode switch
    {
        RpcStatusCode.DeadlineExceeded => call.Deadline is { } deadline && call.EndedAt >= deadline,
        RpcStatusCode.NotFound => call.Script == Script.Fail && failure.Message.EndsWith($"call {call.Id}", StringComparison.Ordinal),
        RpcStatusCode.Unavailable => call.WasDisturbed || call.WasClosed,

        // What a handler throws because its own connection, or its call back, has ended is its failure.
        RpcStatusCode.Internal => call.Script == Script.Throw || call.WasDisturbed || call.WasClosed,
        RpcStatusCode.Cancelled => call.WasDisturbed || call.WasClosed,
        _ => false,
    };
}
