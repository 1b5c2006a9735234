using System.Text;
using IrohRpc;

namespace KeyValue.Service;

/// <summary>What callers may send. Whoever calls is a stranger: a null inside a message is as possible as a key of a megabyte.</summary>
internal static class Arguments
{
    /// <summary>The longest key, in UTF-8.</summary>
    public const int MaxKeyBytes = 1024;

    /// <summary>The longest value; an entry with it fits into a message with room to spare.</summary>
    public const int MaxValueBytes = 1024 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void CheckKey(string? key)
    {
        if (string.IsNullOrEmpty(key))
        {
            throw Invalid("A key is missing or empty.");
        }

        CheckText(key);
    }

    public static void CheckValue(ReadOnlyMemory<byte> value)
    {
        if (value.Length > MaxValueBytes)
        {
            throw Invalid($"A value has at most {MaxValueBytes} bytes; this one has {value.Length}.");
        }
    }

    public static void CheckRange(KeyRange range)
    {
        if (range.To is null)
        {
            CheckKey(range.From);
            return;
        }

        if (range.From is null)
        {
            throw Invalid("A range has no first key; an empty one stands for the first of all.");
        }

        ReadOnlySpan<byte> from = CheckText(range.From);
        ReadOnlySpan<byte> to = CheckText(range.To);
        if (to.Length > 0 && from.SequenceCompareTo(to) > 0)
        {
            throw Invalid($"The range ends at \"{range.To}\", before it begins at \"{range.From}\".");
        }
    }

    public static void CheckRevision(long revision)
    {
        if (revision < 0)
        {
            throw Invalid($"A revision is a positive number, or zero for the latest; {revision} is neither.");
        }
    }

    public static void CheckRequest(RangeRequest request)
    {
        CheckRange(request.Range);
        CheckRevision(request.Revision);
        if (request.Limit < 0)
        {
            throw Invalid($"A limit is a positive number, or zero for none; {request.Limit} is neither.");
        }
    }

    public static void CheckTransaction(Transaction transaction)
    {
        if (transaction.Comparisons is null || transaction.Then is null || transaction.Else is null)
        {
            throw Invalid("A list of the transaction is missing; an empty one stands for nothing to do.");
        }

        foreach (Comparison? comparison in transaction.Comparisons)
        {
            CheckKey(comparison?.Key);
            if (!Enum.IsDefined(comparison!.Target) || !Enum.IsDefined(comparison.Operator))
            {
                throw Invalid($"The comparison with key \"{comparison.Key}\" has a target or an operator that this store does not know.");
            }
        }

        CheckChanges(transaction.Then);
        CheckChanges(transaction.Else);
    }

    public static RpcException Invalid(string message) => new(RpcStatusCode.InvalidArgument, message);

    private static void CheckChanges(Change?[] changes)
    {
        var keys = new HashSet<string>();
        foreach (Change? change in changes)
        {
            CheckKey(change?.Key);
            CheckValue(change!.Value ?? default);
            if (!keys.Add(change.Key))
            {
                throw Invalid($"The transaction changes key \"{change.Key}\" twice; a revision of a key has one value.");
            }
        }
    }

    private static byte[] CheckText(string text)
    {
        byte[] bytes;
        try
        {
            bytes = Strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw Invalid("A key is not valid Unicode.");
        }

        if (bytes.Length > MaxKeyBytes || bytes.Contains((byte)0))
        {
            throw Invalid($"A key has at most {MaxKeyBytes} bytes in UTF-8, and none of them is zero.");
        }

        return bytes;
    }
}
