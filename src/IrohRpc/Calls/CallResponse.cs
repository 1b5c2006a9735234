using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>What came back for a call, kept until a worker completes the caller: a status with its fields and result, or why nothing came.</summary>
internal struct CallResponse()
{
    private readonly CallBuffer _bytes = new();
    private RpcStatusCode _status;
    private int _fields;

    /// <summary>Why the call failed; null where it has not, or the fields were not read yet.</summary>
    public Exception? Error { get; set; }

    /// <summary>Whether it is a result and nothing else.</summary>
    public readonly bool IsBareResult => Error is null && _status == RpcStatusCode.OK && _fields == 0;

    /// <summary>Whether the peer answered with a failure.</summary>
    public readonly bool IsFailure => Error is null && _status != RpcStatusCode.OK;

    public readonly ReadOnlySpan<byte> Fields => _bytes.WrittenSpan[.._fields];

    public readonly ReadOnlySpan<byte> Result => _bytes.WrittenSpan[_fields..];

    /// <summary>How long the result is, for whoever only counts: on any thread.</summary>
    public readonly int ResultLength => _bytes.Length - _fields;

    public void Set(RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        _status = status;
        _bytes.Clear();
        _bytes.Write(fields);
        _bytes.Write(result);
        _fields = fields.Length;
    }

    /// <summary>The failure that the peer's status and fields tell.</summary>
    public readonly RpcException ReadFailure(MethodDescriptor method, PayloadLimits limits) => FailureReader.Read(method, _status, Fields, limits);

    /// <summary>The error of the response; null where it is a result. Gives its metadata to the caller.</summary>
    public Exception? TakeError(MethodDescriptor method, CallContext? context, PayloadLimits limits)
    {
        if (_fields > 0 && Error is null)
        {
            try
            {
                if (context is not null)
                {
                    context.ResponseMetadata = CallFields.ReadMetadata(Fields);
                }

                if (_status != RpcStatusCode.OK)
                {
                    Error = ReadFailure(method, limits);
                }
            }
            catch (InvalidDataException exception)
            {
                Error = RpcErrors.BadResult(method, exception);
            }
        }

        return Error ?? (_status == RpcStatusCode.OK ? null : new RpcException(_status, $"{method} failed with {_status}.") { Method = method.ToString(), MayPassOn = true });
    }

    /// <summary>Forgets what came, for another attempt or another call.</summary>
    public void Clear()
    {
        Error = null;
        _status = RpcStatusCode.OK;
        _bytes.Clear();
        _fields = 0;
    }

    /// <summary>Gives the memory back. What came is forgotten, but for the error.</summary>
    public void Release()
    {
        _bytes.Release();
        _fields = 0;
    }
}
