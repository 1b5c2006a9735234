using System.ComponentModel;
using IrohRpc.Internal;
using MemoryPack;

namespace IrohRpc.CompilerServices;

/// <summary>A typed fault that a method declares.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class FaultDescriptor
{
    private protected FaultDescriptor(ulong signatureId) => SignatureId = signatureId;

    /// <summary>The id of the fault's form on the wire.</summary>
    public ulong SignatureId { get; }

    /// <summary>Writes the detail of <paramref name="exception"/> if it is of this fault's type.</summary>
    internal abstract bool TryWrite(RpcFaultException exception, CallBuffer destination, WriteBounds bounds);

    /// <summary>Makes the exception for the caller out of what arrived.</summary>
    /// <exception cref="MemoryPackSerializationException">The detail does not decode.</exception>
    internal abstract RpcFaultException Read(ReadOnlySpan<byte> detail, PayloadLimits limits, RpcStatusCode statusCode, string message);
}

/// <summary>A typed fault with its serialization.</summary>
/// <typeparam name="T">The type of the detail.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FaultDescriptor<T> : FaultDescriptor
{
    private readonly ValueWriter<T> _writer;
    private readonly ValueReader<T> _reader;

    /// <summary>Describes a fault.</summary>
    /// <param name="signatureId">The id of its form on the wire.</param>
    /// <param name="writer">Writes a detail.</param>
    /// <param name="reader">Reads a detail.</param>
    public FaultDescriptor(ulong signatureId, ValueWriter<T> writer, ValueReader<T> reader)
        : base(signatureId)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(reader);
        _writer = writer;
        _reader = reader;
    }

    internal override bool TryWrite(RpcFaultException exception, CallBuffer destination, WriteBounds bounds)
    {
        if (exception is not RpcFaultException<T> fault)
        {
            return false;
        }

        destination.WriteValue(fault.Detail, _writer, bounds);
        return true;
    }

    internal override RpcFaultException Read(ReadOnlySpan<byte> detail, PayloadLimits limits, RpcStatusCode statusCode, string message)
        => new RpcFaultException<T>(_reader.Read(detail, limits), message, statusCode);
}
