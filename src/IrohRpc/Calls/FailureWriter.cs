using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Calls;

/// <summary>Decides what of a handler's exception the caller may know. Code of the user's runs here: each part has a guard, and a part that fails is left out.</summary>
internal static class FailureWriter
{
    // Beyond this a fault's detail would not fit a frame on a lane.
    private const int LargestDetail = WireFormat.LargestLaneFrame / 2;

    /// <summary>Writes the fields of a failure and returns its status. Never throws.</summary>
    public static RpcStatusCode Write(IncomingCall call, Exception exception, CallBuffer fields)
    {
        switch (exception)
        {
            case RpcException { IsOfAnotherCall: false } error:
                FieldWriter.WriteMessage(fields, error.TryGetMessage() ?? $"{call.Method} failed with {error.StatusCode}.");
                if (error is RpcFaultException fault)
                {
                    WriteFault(call, fault, fields);
                }

                return error.StatusCode;
            case OperationCanceledException when call.IsPastDeadline:
            case RpcException { StatusCode: RpcStatusCode.DeadlineExceeded or RpcStatusCode.Cancelled } when call.IsAtDeadline:
                FieldWriter.WriteMessage(fields, $"{call.Method} did not finish before its deadline.");
                return RpcStatusCode.DeadlineExceeded;
            case OperationCanceledException when call.IsGivenUp:
            case RpcException { StatusCode: RpcStatusCode.DeadlineExceeded or RpcStatusCode.Cancelled } when call.IsGivenUp:
                FieldWriter.WriteMessage(fields, $"{call.Method} was cancelled.");
                return RpcStatusCode.Cancelled;
            default:
                call.Host.LogHandlerFailed(call.Method, exception);
                FieldWriter.WriteMessage(fields, call.Host.Options.ExposeExceptionDetails && exception.TryGetMessage() is { } message
                    ? $"{call.Method} threw {exception.GetType().FullName}: {message}"
                    : $"{call.Method} threw an exception. The peer's log has the details.");
                return RpcStatusCode.Internal;
        }
    }

    private static void WriteFault(IncomingCall call, RpcFaultException fault, CallBuffer fields)
    {
        var detail = new CallBuffer();

        // Larger ones are left out anyway, so that what has no end is not written on.
        WriteBounds bounds = call.Host.Options.BoundsFor(call.Method) with { MaxBytes = LargestDetail };
        try
        {
            foreach (FaultDescriptor descriptor in call.Method.Faults)
            {
                detail.Clear();
                if (descriptor.TryWrite(fault, detail, bounds))
                {
                    if (detail.Length <= LargestDetail)
                    {
                        FieldWriter.WriteFault(fields, descriptor.SignatureId, detail.WrittenSpan);
                    }

                    return;
                }
            }

            call.Host.LogHandlerFailed(call.Method, new InvalidOperationException(
                $"{call.Method} does not declare this fault, so that its caller gets the status code and the message, and no detail. Declare it in the contract: [Fault<{fault.UntypedDetail?.GetType().Name ?? "T"}>].", fault));
        }
        catch (Exception exception)
        {
            // The formatters of the detail's types may throw anything: code and message still reach the caller.
            call.Host.LogHandlerFailed(call.Method, exception);
        }
        finally
        {
            detail.Release();
        }
    }
}
