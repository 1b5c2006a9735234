using MemoryPack;

namespace IrohRpc.Tests;

/// <summary>A union whose base is a class; MemoryPack does not take one that is nested.</summary>
[MemoryPackable]
[MemoryPackUnion(0, typeof(Cat))]
[MemoryPackUnion(300, typeof(Dog))]
internal abstract partial class Animal
{
    public required string Name { get; init; }
}

[MemoryPackable]
internal sealed partial class Cat : Animal
{
    public int Lives { get; init; } = 9;
}

[MemoryPackable]
internal sealed partial class Dog : Animal
{
    public List<Animal>? Friends { get; init; }
}
