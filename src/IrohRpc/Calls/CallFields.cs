using System.Diagnostics;
using System.Text;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>The fields of frames that carry what belongs to a call: its metadata and its trace.</summary>
internal static class CallFields
{
    // Longer baggage stays at home rather than fill the fields of every call.
    private const int LargestBaggage = 4 * 1024;

    /// <summary>All the metadata among the fields.</summary>
    /// <exception cref="InvalidDataException">The fields are broken.</exception>
    public static Metadata ReadMetadata(ReadOnlySpan<byte> fields)
    {
        Metadata metadata = [];
        var reader = new FieldReader(fields);
        while (reader.TryRead(out long tag, out ReadOnlySpan<byte> value))
        {
            if (tag == FieldTag.Metadata)
            {
                if (!WireFormat.TryReadFields(ref value, out ReadOnlySpan<byte> key) || key.IsEmpty)
                {
                    throw new InvalidDataException("An entry of the metadata has no key.");
                }

                metadata.Add(Encoding.UTF8.GetString(key), value.ToArray());
            }
        }

        return metadata;
    }

    public static void WriteMetadata(CallBuffer destination, Metadata metadata)
    {
        Span<byte> lengths = stackalloc byte[3 * VarInt.MaxLength];
        foreach ((string key, ReadOnlyMemory<byte> value) in metadata)
        {
            int keyLength = Encoding.UTF8.GetByteCount(key);
            int written = VarInt.Write(lengths, FieldTag.Metadata);
            written += VarInt.Write(lengths[written..], VarInt.LengthOf(keyLength) + keyLength + value.Length);
            written += VarInt.Write(lengths[written..], keyLength);
            destination.Write(lengths[..written]);
            destination.Advance(Encoding.UTF8.GetBytes(key, destination.GetSpan(keyLength)));
            destination.Write(value.Span);
        }
    }

    /// <summary>Says of an object that is passed whether it is one of the receiver's own, and otherwise under which versions it may be called.</summary>
    public static void WriteObject(CallBuffer destination, PassedObject passed, RpcConnection connection)
    {
        if (passed.Home is { } home && home.Connection == connection)
        {
            FieldWriter.WriteHome(destination, passed.Number, home.Target);
        }
        else
        {
            FieldWriter.WriteVersions(destination, passed.Number, passed.Binding.Contract.EncodedAlpns);
        }
    }

    public static void WriteTrace(CallBuffer destination, Activity activity)
    {
        if (activity.IdFormat != ActivityIdFormat.W3C)
        {
            return;
        }

        Span<byte> parent = stackalloc byte[25];
        activity.TraceId.CopyTo(parent[..16]);
        activity.SpanId.CopyTo(parent[16..24]);
        parent[24] = (byte)activity.ActivityTraceFlags;
        FieldWriter.WriteField(destination, FieldTag.TraceParent, parent);
        if (activity.TraceStateString is { Length: > 0 and <= 512 } state)
        {
            FieldWriter.WriteText(destination, FieldTag.TraceState, state);
        }

        if (Tracing.BaggageOf(activity) is { Length: > 0 and <= LargestBaggage } baggage)
        {
            FieldWriter.WriteText(destination, FieldTag.Baggage, baggage);
        }
    }
}
