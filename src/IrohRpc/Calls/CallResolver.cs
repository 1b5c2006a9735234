using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>Finds what a request calls, and says what is wrong where it calls nothing, or more than it may.</summary>
internal static class CallResolver
{
    /// <summary>Finds the object and the method of a request.</summary>
    public static Rejection? Resolve(
        RpcConnection connection, long target, uint nameId, ulong signatureId, out ServiceBinding? binding, out MethodDescriptor? method)
    {
        method = null;
        binding = connection.FindTarget(target);
        if (binding is null)
        {
            return target == 0
                ? new Rejection(RpcStatusCode.Unimplemented, $"This peer offers no service on \"{connection.Alpn}\": it only calls.")
                : new Rejection(RpcStatusCode.NotFound, $"There is no object {target}: it was released, or never passed on this connection.");
        }

        method = binding.Contract.Find(nameId);
        if (method is null)
        {
            return new Rejection(RpcStatusCode.Unimplemented, $"{binding.Contract.Name} has no method whose wire name has the id {nameId:x8}.");
        }

        if (method.SignatureId != signatureId)
        {
            return new Rejection(
                RpcStatusCode.Unimplemented, $"{method} has another signature here, so the two builds cannot call each other. Here it is {method.Signature}");
        }

        if (!method.IsIdempotent && !connection.HasShakenHands)
        {
            return new Rejection(RpcStatusCode.Unavailable, $"{method} is not marked idempotent; a call of it may not come before the handshake is over.");
        }

        return target == 0 && !binding.Contract.Has(method, connection.Alpn)
            ? new Rejection(RpcStatusCode.Unimplemented, $"{method} came with \"{binding.Contract.SinceOf(method)}\"; the connection agreed on \"{connection.Alpn}\".")
            : null;
    }

    /// <summary>Checks a request against the limits of this side, and reads what its fields say.</summary>
    public static Rejection? Check(RpcOptions options, MethodDescriptor method, in RequestFrame frame, bool isOneWay, out RequestFields fields)
    {
        fields = default;
        if (isOneWay && method.Result != ResultKind.OneWay)
        {
            return new Rejection(RpcStatusCode.InvalidArgument, $"{method} is no one-way method; a NOTIFICATION cannot call it.");
        }

        int limit = method.MessageLimit ?? options.MessageLimit;
        return frame.Arguments.Length > limit ? new Rejection(RpcStatusCode.ResourceExhausted, RpcErrors.ArgumentsTooLarge(method, limit))
            : frame.Fields.Length > options.MaxFieldBytes ? new Rejection(
                RpcStatusCode.ResourceExhausted,
                $"The metadata and trace of {method} take {frame.Fields.Length} bytes. This peer takes {options.MaxFieldBytes} ({nameof(RpcOptions)}.{nameof(RpcOptions.MaxFieldBytes)}).")
            : RequestFields.Read(method, frame.Fields, options.MaxMetadataEntries, out fields);
    }
}
