using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>Finds out what a request calls, and says what is wrong where that is nothing.</summary>
internal static class CallResolver
{
    public static CallRefusal? Resolve(
        RpcConnection connection, long target, uint nameId, ulong signatureId, out ServiceBinding? binding, out MethodDescriptor? method)
    {
        method = null;
        binding = connection.FindTarget(target);
        if (binding is null)
        {
            return target == 0
                ? new CallRefusal(RpcStatusCode.Unimplemented, $"This peer offers no service on \"{connection.Alpn}\": it only calls.")
                : new CallRefusal(RpcStatusCode.NotFound, $"There is no object {target}: it was released, or never passed on this connection.");
        }

        method = binding.Contract.Find(nameId);
        if (method is null)
        {
            return new CallRefusal(RpcStatusCode.Unimplemented, $"{binding.Contract.Name} has no method whose wire name has the id {nameId:x8}.");
        }

        if (method.SignatureId != signatureId)
        {
            return new CallRefusal(
                RpcStatusCode.Unimplemented, $"{method} has another signature here, so the two builds cannot call each other. Here it is {method.Signature}");
        }

        return target == 0 && !binding.Contract.Has(method, connection.Alpn)
            ? new CallRefusal(RpcStatusCode.Unimplemented, $"{method} came with \"{binding.Contract.SinceOf(method)}\"; the connection agreed on \"{connection.Alpn}\".")
            : null;
    }
}
