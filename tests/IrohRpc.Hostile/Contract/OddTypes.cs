using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MemoryPack;

namespace IrohRpc.Hostile;

/// <summary>A struct with what its constructor was given among its fields.</summary>
public struct Captured(bool flag, DateTime time)
{
    public byte Number { get; set; }

    public readonly bool Flag() => flag;

    public readonly DateTime Time() => time;
}

/// <summary>A generic struct that is copied as it stands for some arguments only.</summary>
[MemoryPackable]
public partial struct Wrapped<T>
{
    public T Value { get; set; }

    public int Number { get; set; }
}

/// <summary>A generic struct with a value between others.</summary>
public struct Between<T>
    where T : struct
{
    public byte First { get; set; }

    public T Value { get; set; }

    public bool Last { get; set; }
}

/// <summary>Such structs as members.</summary>
[MemoryPackable]
public partial class WrappedHolder
{
    public Wrapped<int> Plain { get; set; }

    public Wrapped<bool>[]? Many { get; set; }

    public Wrapped<string>? Text { get; set; }

    public Between<byte>? Some { get; set; }

    public (Wrapped<int> First, bool Second)? Pair { get; set; }

    public ImmutableArray<Wrapped<long>> Array { get; set; }

    [MemoryPackInclude]
    private KeyValuePair<Wrapped<int>, Wrapped<byte>> Pairs { get; set; }
}

/// <summary>A struct with places, and bytes that belong to no field.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
public struct Placed
{
    [FieldOffset(3)]
    public bool Flag;

    [FieldOffset(8)]
    public decimal Amount;

    [FieldOffset(24)]
    public int Whole;

    [FieldOffset(24)]
    public float Real;
}

/// <summary>A struct with a private one in it.</summary>
public struct Outside
{
    private Inside _inside;

    public byte Number { get; set; }

    public readonly bool Flag() => _inside.Flag ?? false;

    public void Clear() => _inside = default;

    private struct Inside
    {
        public bool? Flag { get; set; }

        public DateTime? Time { get; set; }
    }
}

/// <summary>Structs of the framework whose fields nobody sees before they run.</summary>
public struct Foreign
{
    public System.Data.SqlTypes.SqlDateTime Time { get; set; }

    public System.Data.SqlTypes.SqlMoney Money { get; set; }

    public TimeZoneInfo.TransitionTime Transition { get; set; }
}

/// <summary>A union with tags of every width, whose cases contain it.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(NarrowCase))]
[MemoryPackUnion(251, typeof(WideCase))]
[MemoryPackUnion(60000, typeof(TolerantCase))]
public partial interface IWideUnion;

[MemoryPackable]
public partial class NarrowCase : IWideUnion
{
    public IWideUnion? Next { get; set; }

    public bool Flag { get; set; }
}

[MemoryPackable]
public partial class WideCase : IWideUnion
{
    public string? Text { get; set; }

    public IWideUnion? Next { get; set; }
}

[MemoryPackable(GenerateType.VersionTolerant)]
public partial class TolerantCase : IWideUnion
{
    [MemoryPackOrder(0)]
    public IWideUnion[]? Next { get; set; }
}

/// <summary>A map of the user's own, with keys of two parts.</summary>
[MemoryPackable(GenerateType.Collection)]
public partial class PairMap : Dictionary<(int, bool), Person?>;
