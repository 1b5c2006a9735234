using MemoryPack;

namespace IrohRpc.Benchmarks.Pieces.Calls;

/// <summary>An object with objects in it.</summary>
[MemoryPackable]
public sealed partial record Order(Guid Id, string Customer, DateTimeOffset At, OrderLine[] Lines)
{
    /// <summary>An order of some 250 bytes.</summary>
    public static Order Example { get; } = new(
        new Guid("6f0d7c1e-6a59-4f0e-9f39-0d5a9f8b2c11"),
        "Analytical Engines, Ltd.",
        new DateTimeOffset(1843, 10, 1, 12, 0, 0, TimeSpan.Zero),
        [.. Enumerable.Range(1, 5).Select(number => new OrderLine($"punched card {number}", number * 10, 0.25m))]);
}

/// <summary>One line of an order.</summary>
[MemoryPackable]
public sealed partial record OrderLine(string Article, int Count, decimal Price);
