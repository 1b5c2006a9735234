using MemoryPack;

namespace IrohRpc.Hostile;

/// <summary>Members that must be given, and such that are set while the object is made.</summary>
[MemoryPackable]
public partial class Required
{
    public required string Name { get; init; }

    public required Narrow? Narrow { get; init; }

    public int? Count { get; init; }

    [MemoryPackInclude]
    private string? Hidden { get; set; }

    public string? Shown() => Hidden;
}

/// <summary>An enum of one byte.</summary>
public enum Small : sbyte
{
    Low = sbyte.MinValue,
    Zero = 0,
    High = sbyte.MaxValue,
}

/// <summary>An enum of eight bytes.</summary>
[Flags]
public enum Huge : ulong
{
    None = 0,
    Last = 1UL << 63,
}

/// <summary>Objects that refer to each other within objects whose members may be missing.</summary>
[MemoryPackable(GenerateType.VersionTolerant)]
public partial class TolerantGraph
{
    [MemoryPackOrder(0)]
    public Graph? First { get; set; }

    [MemoryPackOrder(2)]
    public Dictionary<string, Graph?>? Named { get; set; }

    [MemoryPackOrder(3)]
    public Money? Price { get; set; }
}

/// <summary>Two values of any types.</summary>
[MemoryPackable]
public readonly partial record struct Both<TFirst, TSecond>(TFirst First, TSecond Second);

/// <summary>A struct without fields between others.</summary>
public record struct AroundNothing(byte A, Nothing B, long C, Nothing? D);

/// <summary>A struct without fields.</summary>
public record struct Nothing;
