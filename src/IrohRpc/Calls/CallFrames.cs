using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>The frames of a call, which are the same on a lane and on a stream.</summary>
internal static class CallFrames
{
    /// <summary>Appends a request, or a notification for a one-way call.</summary>
    /// <returns>Its position: see <see cref="FrameSender.Append"/>.</returns>
    public static long AppendRequest(this FrameSender sender, OutgoingCall call, int number, ReadOnlySpan<byte> fields)
    {
        MethodDescriptor method = call.Method;
        Span<byte> head = stackalloc byte[WireFormat.LargestHead];
        int length = WireFormat.WriteRequestHead(head, number, call.Target, method.NameId, method.SignatureId, fields.Length);
        return sender.Append(call.IsOneWay ? FrameType.Notification : FrameType.Request, head[..length], fields, call.Arguments.Span);
    }

    /// <summary>Appends a response, or a failure where the status is not OK.</summary>
    public static void AppendResponse(this FrameSender sender, long number, RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        Span<byte> head = stackalloc byte[WireFormat.LargestHead];
        int length = WireFormat.WriteResponseHead(head, number, status, fields.Length);
        sender.Append(status == RpcStatusCode.OK ? FrameType.Response : FrameType.Failure, head[..length], fields, result);
    }

    /// <summary>Appends a failure that is not the handler's.</summary>
    public static void AppendFailure(this FrameSender sender, long number, RpcStatusCode status, string message, bool isNotStarted = false)
    {
        var fields = new CallBuffer();
        FieldWriter.WriteMessage(fields, message);
        if (isNotStarted)
        {
            FieldWriter.WriteNotStarted(fields);
        }

        sender.AppendResponse(number, status, fields.WrittenSpan, default);
        fields.Release();
    }

    /// <summary>Appends the answer to a request that never became a call.</summary>
    public static void AppendRejection(this FrameSender sender, long number, Rejection rejection)
        => sender.AppendFailure(number, rejection.Status, rejection.Message, isNotStarted: true);
}
