using MemoryPack;

namespace KeyValue;

/// <summary>A key with its value, and when they came to be.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="CreateRevision">The revision since which the key has existed without a break.</param>
/// <param name="ModRevision">The revision that set the value.</param>
/// <param name="Version">How many times the key was set since it was created.</param>
/// <param name="Lease">The lease that it is attached to, or zero.</param>
[MemoryPackable]
public sealed partial record Entry(string Key, ReadOnlyMemory<byte> Value, long CreateRevision, long ModRevision, long Version, long Lease);

/// <summary>The keys from one on and before another, in the order of their UTF-8 bytes.</summary>
/// <param name="From">The first key.</param>
/// <param name="To">The key behind the last; null for <paramref name="From"/> alone, empty for all from there on.</param>
[MemoryPackable]
public readonly partial record struct KeyRange(string From, string? To)
{
    /// <summary>One key.</summary>
    public static KeyRange Of(string key) => new(key, null);

    /// <summary>All keys.</summary>
    public static KeyRange All => new("", "");

    /// <summary>All keys that begin with a text.</summary>
    public static KeyRange Prefix(string prefix) => prefix.Length == 0 ? All : new(prefix, prefix + "\U0010FFFF");
}

/// <summary>What to read.</summary>
/// <param name="Range">The keys.</param>
/// <param name="Revision">As of which revision; zero for now.</param>
/// <param name="Limit">How many at most; zero for all.</param>
[MemoryPackable]
public sealed partial record RangeRequest(KeyRange Range, long Revision = 0, int Limit = 0);

/// <summary>What a deletion did.</summary>
/// <param name="Revision">The revision of the store afterwards.</param>
/// <param name="Deleted">How many keys were deleted.</param>
[MemoryPackable]
public readonly partial record struct DeleteResult(long Revision, int Deleted);

/// <summary>What a comparison looks at.</summary>
public enum CompareTarget
{
    /// <summary>The value, as bytes; a key that is not there has none and differs from every value.</summary>
    Value,

    /// <summary>The revision that set the key; zero for a key that is not there.</summary>
    ModRevision,

    /// <summary>The revision that created the key; zero for a key that is not there.</summary>
    CreateRevision,

    /// <summary>How often the key was set; zero for a key that is not there.</summary>
    Version,
}

/// <summary>A condition of a transaction: the target of a key equals the given value or number.</summary>
/// <param name="Key">The key.</param>
/// <param name="Target">What is compared.</param>
/// <param name="Number">The number, for every target but the value.</param>
/// <param name="Value">The value, for that target.</param>
[MemoryPackable]
public sealed partial record Comparison(string Key, CompareTarget Target, long Number, ReadOnlyMemory<byte> Value = default);

/// <summary>One change of a transaction: a put, or a deletion where there is no value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; null deletes the key.</param>
/// <param name="Lease">The lease to attach to, or zero.</param>
[MemoryPackable]
public sealed partial record Change(string Key, ReadOnlyMemory<byte>? Value, long Lease = 0);

/// <summary>Compare and set.</summary>
/// <param name="Comparisons">All must hold.</param>
/// <param name="Then">Carried out where they do.</param>
/// <param name="Else">Carried out where they do not.</param>
[MemoryPackable]
public sealed partial record Transaction(Comparison[] Comparisons, Change[] Then, Change[] Else);

/// <summary>How a transaction ended.</summary>
/// <param name="Succeeded">Whether the comparisons held.</param>
/// <param name="Revision">The revision of the store afterwards.</param>
[MemoryPackable]
public readonly partial record struct TransactionResult(bool Succeeded, long Revision);

/// <summary>What happened to one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Entry">The key as it is since; null where it was deleted.</param>
[MemoryPackable]
public sealed partial record WatchedChange(string Key, Entry? Entry);

/// <summary>All that one revision did to a watched range.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Changes">Its changes within the range; at least one.</param>
[MemoryPackable]
public sealed partial record WatchedRevision(long Revision, WatchedChange[] Changes);

/// <summary>A lease.</summary>
/// <param name="Id">Its number.</param>
/// <param name="TimeToLive">How long it lives without being kept alive.</param>
[MemoryPackable]
public readonly partial record struct Lease(long Id, TimeSpan TimeToLive);

/// <summary>One row of an import.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
[MemoryPackable]
public readonly partial record struct ImportRow(string Key, ReadOnlyMemory<byte> Value);

/// <summary>What an import did.</summary>
/// <param name="Rows">How many rows were stored.</param>
/// <param name="Revision">The revision of the last one.</param>
[MemoryPackable]
public readonly partial record struct ImportResult(long Rows, long Revision);

/// <summary>The revision that was asked for is no longer kept.</summary>
/// <param name="OldestRevision">The oldest that is.</param>
[MemoryPackable]
public sealed partial record CompactedFault(long OldestRevision);

/// <summary>There is no such lease, or it has ended.</summary>
/// <param name="Lease">The lease that was named.</param>
[MemoryPackable]
public sealed partial record LeaseNotFoundFault(long Lease);
