using System.Buffers.Binary;
using System.Text;
using IrohRpc.CompilerServices;

namespace IrohRpc.Failures;

/// <summary>Makes the caller's exception out of the fields of a FAILURE or END.</summary>
internal static class FailureReader
{
    public static RpcException Read(MethodDescriptor method, RpcStatusCode status, ReadOnlySpan<byte> fields, PayloadLimits limits)
    {
        if (status == RpcStatusCode.OK)
        {
            status = RpcStatusCode.Unknown;
        }

        string message = $"{method} failed with {status}.";
        ReadOnlySpan<byte> fault = default;
        bool notStarted = false;
        var reader = new FieldReader(fields);
        while (reader.TryReadValid(out long tag, out ReadOnlySpan<byte> value))
        {
            switch (tag)
            {
                case FieldTag.Message:
                    message = PeerText.Escape(Encoding.UTF8.GetString(value), keepsLines: true);
                    break;
                case FieldTag.Fault:
                    fault = value;
                    break;
                case FieldTag.NotStarted:
                    notStarted = true;
                    break;
            }
        }

        RpcException exception = ReadFault(method, status, message, fault, limits) ?? new RpcException(status, message);
        exception.Method = method.ToString();
        exception.IsNotStarted = notStarted;
        exception.MayPassOn = true;
        return exception;
    }

    private static RpcFaultException? ReadFault(MethodDescriptor method, RpcStatusCode status, string message, ReadOnlySpan<byte> fault, PayloadLimits limits)
    {
        if (fault.Length < sizeof(ulong))
        {
            return null;
        }

        ulong signatureId = BinaryPrimitives.ReadUInt64LittleEndian(fault);
        foreach (FaultDescriptor descriptor in method.Faults)
        {
            if (descriptor.SignatureId == signatureId)
            {
                try
                {
                    return descriptor.Read(fault[sizeof(ulong)..], limits, status, message);
                }
                catch (Exception)
                {
                    // The peer's bytes decide what a formatter throws; code and message still stand.
                    return null;
                }
            }
        }

        return null;
    }
}
