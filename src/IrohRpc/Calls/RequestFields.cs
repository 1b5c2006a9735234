using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>What the fields of a request say about the call itself. Reading them checks all of them, so that later reads cannot fail.</summary>
internal readonly struct RequestFields
{
    private RequestFields(long timeout, long turn)
    {
        Timeout = timeout;
        Turn = turn;
    }

    /// <summary>How long the call may take, in microseconds from its arrival; -1 without a limit.</summary>
    public long Timeout { get; }

    /// <summary>The call's turn among those of its caller, as a lane announces it; -1 where it has none.</summary>
    public long Turn { get; }

    /// <summary>Reads the fields of a request.</summary>
    /// <param name="method">What is called.</param>
    /// <param name="fields">The fields.</param>
    /// <param name="mostMetadata">The most entries of metadata.</param>
    /// <param name="result">What they say.</param>
    /// <returns>Why the request is rejected; null where it is not.</returns>
    public static Rejection? Read(MethodDescriptor method, ReadOnlySpan<byte> fields, int mostMetadata, out RequestFields result)
    {
        result = new RequestFields(-1, -1);
        if (fields.IsEmpty)
        {
            return null;
        }

        long timeout = -1;
        long turn = -1;
        int entries = 0;
        ReadOnlySpan<byte> rest = fields;
        while (!rest.IsEmpty)
        {
            if (!VarInt.TryRead(ref rest, out long tag) || !WireFormat.TryReadFields(ref rest, out ReadOnlySpan<byte> value))
            {
                return new Rejection(RpcStatusCode.InvalidArgument, $"The fields of a call of {method} cannot be read.");
            }

            switch (tag)
            {
                case FieldTag.Timeout:
                    if (!VarInt.TryRead(ref value, out timeout))
                    {
                        timeout = -1;
                    }

                    break;
                case FieldTag.Turn:
                    if (!VarInt.TryRead(ref value, out turn))
                    {
                        turn = -1;
                    }

                    break;
                case FieldTag.Metadata when ++entries > mostMetadata:
                    return new Rejection(RpcStatusCode.ResourceExhausted, $"The call of {method} has more than {mostMetadata} entries of metadata, the most that this peer takes ({nameof(RpcOptions)}.{nameof(RpcOptions.MaxMetadataEntries)}).");
                case FieldTag.Metadata:
                    if (!WireFormat.TryReadFields(ref value, out ReadOnlySpan<byte> key) || key.IsEmpty)
                    {
                        return new Rejection(RpcStatusCode.InvalidArgument, $"An entry of the metadata of a call of {method} has no key.");
                    }

                    break;
            }
        }

        result = new RequestFields(timeout, turn);
        return null;
    }
}
