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

/// <summary>What to read.</summary>
/// <param name="Range">The keys.</param>
/// <param name="Revision">As of which revision; zero for now.</param>
/// <param name="Limit">How many at most; zero for all.</param>
[MemoryPackable]
public sealed partial record RangeRequest(KeyRange Range, long Revision = 0, int Limit = 0);

/// <summary>What a deletion did.</summary>
/// <param name="Revision">The revision of the store afterwards: a new one if anything was deleted.</param>
/// <param name="Deleted">How many keys were deleted.</param>
[MemoryPackable]
public readonly partial record struct DeleteResult(long Revision, int Deleted);

/// <summary>What happened to one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Entry">The key as it is since; null where it was deleted.</param>
[MemoryPackable]
public sealed partial record WatchedChange(string Key, Entry? Entry);

/// <summary>What one revision did to a watched range.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Changes">Its changes within the range, in the order of their keys; at least one.</param>
/// <param name="Continues">Whether the next item goes on with this revision: one that is too big for a message comes in parts.</param>
[MemoryPackable]
public sealed partial record WatchedRevision(long Revision, WatchedChange[] Changes, bool Continues = false);

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
/// <param name="Revision">The revision of the last one; that of the store where there was none.</param>
[MemoryPackable]
public readonly partial record struct ImportResult(long Rows, long Revision);

/// <summary>The revision that was asked for is no longer kept.</summary>
/// <param name="OldestRevision">The oldest that is, and from which a watch can start.</param>
[MemoryPackable]
public sealed partial record CompactedFault(long OldestRevision);

/// <summary>There is no such lease, or it has ended.</summary>
/// <param name="Lease">The lease that was named.</param>
[MemoryPackable]
public sealed partial record LeaseNotFoundFault(long Lease);
