using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>Says what of a handler's exception the caller may know.</summary>
internal static class FailureWriter
{
    public static RpcStatusCode Write(IncomingCall call, Exception exception, CallBuffer fields)
    {
        switch (exception)
        {
            case RpcException error:
                FieldWriter.WriteMessage(fields, error.Message);
                if (error is RpcFaultException fault)
                {
                    WriteFault(call, fault, fields);
                }

                return error.StatusCode;
            case OperationCanceledException when call.IsPastDeadline:
                FieldWriter.WriteMessage(fields, $"{call.Method} did not finish before its deadline.");
                return RpcStatusCode.DeadlineExceeded;
            case OperationCanceledException when call.IsGivenUp:
                FieldWriter.WriteMessage(fields, $"{call.Method} was cancelled.");
                return RpcStatusCode.Cancelled;
            default:
                call.Connection.LogHandlerFailed(call.Method, exception);
                FieldWriter.WriteMessage(fields, call.Connection.Options.ExposeExceptionDetails
                    ? $"{call.Method} threw {exception.GetType().FullName}: {exception.Message}"
                    : $"{call.Method} failed for a reason that the peer keeps to itself; its log says more.");
                return RpcStatusCode.Internal;
        }
    }

    private static void WriteFault(IncomingCall call, RpcFaultException fault, CallBuffer fields)
    {
        foreach (FaultDescriptor descriptor in call.Method.Faults)
        {
            var detail = new CallBuffer();
            try
            {
                if (descriptor.TryWrite(fault, detail))
                {
                    FieldWriter.WriteFault(fields, descriptor.SignatureId, detail.WrittenSpan);
                    return;
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The formatters of the detail's types may throw anything; code and message still tell the caller what happened.
                call.Connection.LogHandlerFailed(call.Method, exception);
                return;
            }
            finally
            {
                detail.Release();
            }
        }
    }
}
