namespace IrohRpc.Wire;

/// <summary>The body of a RESPONSE or FAILURE, taken apart.</summary>
internal readonly ref struct ResponseFrame
{
    private ResponseFrame(RpcStatusCode status, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> result)
    {
        Status = status;
        Fields = fields;
        Result = result;
    }

    /// <summary>OK for a response. A failure that says OK is one of an unknown kind.</summary>
    public RpcStatusCode Status { get; }

    public ReadOnlySpan<byte> Fields { get; }

    public ReadOnlySpan<byte> Result { get; }

    /// <summary>Takes the part behind the call's number apart.</summary>
    public static bool TryParse(FrameType type, ReadOnlySpan<byte> body, out ResponseFrame frame)
    {
        frame = default;
        long status = 0;
        if ((type == FrameType.Failure && !VarInt.TryRead(ref body, out status)) || !WireFormat.TryReadFields(ref body, out ReadOnlySpan<byte> fields))
        {
            return false;
        }

        RpcStatusCode code = type == FrameType.Response ? RpcStatusCode.OK : WireFormat.ToStatus(status == 0 ? (long)RpcStatusCode.Unknown : status);
        frame = new ResponseFrame(code, fields, body);
        return true;
    }
}
