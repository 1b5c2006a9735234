using System.Collections.Generic;
using MemoryPack;

// The shapes are what is under test, not how well they keep to the rules for libraries.
#pragma warning disable CA1002, CA1008, CA1028, CA1034, CA1040, CA1051, CA1710, CA1711, CA1716, CA1720, CA1724, CA1815, CA1819, CA2227

namespace Company.IrohRpc.Shapes;

public enum Level : short
{
    Low = -1,
    High = 1,
}

public struct Point
{
    public int X { get; set; }

    public int Y { get; set; }
}

[MemoryPackable]
public partial record Person(string Name, int? Age, Person? Friend);

[MemoryPackable]
public partial record struct Money(decimal Amount, string Currency);

[MemoryPackable]
[MemoryPackUnion(0, typeof(Disc))]
[MemoryPackUnion(1, typeof(Square))]
public partial interface IFigure;

[MemoryPackable]
public partial record Disc(double Radius) : IFigure;

[MemoryPackable]
public partial record Square(double Side) : IFigure;

[MemoryPackable]
public partial record Box<T>(T Content);

[MemoryPackable(GenerateType.VersionTolerant)]
public partial class Growing
{
    [MemoryPackOrder(0)]
    public string? Name { get; set; }

    [MemoryPackOrder(1)]
    public List<Person>? People { get; set; }
}

[MemoryPackable(GenerateType.Collection)]
public partial class Names : List<string>;
