using MemoryPack;

namespace KeyValue;

/// <summary>What a comparison looks at.</summary>
public enum CompareTarget
{
    /// <summary>The value, byte by byte. No comparison with the value of a key that is not there holds.</summary>
    Value,

    /// <summary>The revision that set the key; zero for a key that is not there.</summary>
    ModRevision,

    /// <summary>The revision that created the key; zero for a key that is not there.</summary>
    CreateRevision,

    /// <summary>How often the key was set; zero for a key that is not there.</summary>
    Version,
}

/// <summary>How the target of a key has to stand to what is given.</summary>
public enum CompareOperator
{
    /// <summary>The same.</summary>
    Equal,

    /// <summary>Different.</summary>
    NotEqual,

    /// <summary>The target is smaller.</summary>
    Less,

    /// <summary>The target is greater.</summary>
    Greater,
}

/// <summary>A condition of a transaction.</summary>
/// <param name="Key">The key.</param>
/// <param name="Target">What of it is compared.</param>
/// <param name="Operator">How it is compared.</param>
/// <param name="Number">What it is compared with, for every target but the value.</param>
/// <param name="Value">What it is compared with, for that target.</param>
[MemoryPackable]
public sealed partial record Comparison(
    string Key, CompareTarget Target, CompareOperator Operator, long Number, ReadOnlyMemory<byte> Value = default);

/// <summary>One change of a transaction: a put, or a deletion where there is no value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; null deletes the key.</param>
/// <param name="Lease">The lease to attach to, or zero.</param>
[MemoryPackable]
public sealed partial record Change(string Key, ReadOnlyMemory<byte>? Value, long Lease = 0);

/// <summary>Compare and set. Neither list of changes may name a key twice.</summary>
/// <param name="Comparisons">All must hold; none always hold.</param>
/// <param name="Then">Carried out where they do.</param>
/// <param name="Else">Carried out where they do not.</param>
[MemoryPackable]
public sealed partial record Transaction(Comparison[] Comparisons, Change[] Then, Change[] Else);

/// <summary>How a transaction ended.</summary>
/// <param name="Succeeded">Whether the comparisons held.</param>
/// <param name="Revision">The revision of the store afterwards: a new one if anything was changed.</param>
[MemoryPackable]
public readonly partial record struct TransactionResult(bool Succeeded, long Revision);
