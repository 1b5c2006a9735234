using System.Buffers;
using MemoryPack;

// Members exist to be serialized.
#pragma warning disable CA1051, CA1815, CA2227, CA1819, CA1711, CA1717, CA1008, CA1028

// Values of every kind that MemoryPack makes a difference between.
namespace IrohRpc.Generators.Tests.Wire.Values;

public enum Small : byte
{
    A = 1,
    B = 200,
}

public struct Raw
{
    public int X;
    public Small Y { get; set; }
}

public struct Textual
{
    public string? Text;
}

public class Plain
{
    public int X { get; set; }
}

public class PlainList : List<int>;

[MemoryPackable]
public partial struct RawPackable
{
    [MemoryPackIgnore]
    public int Ignored;
    public int X;
}

[MemoryPackable]
public partial struct TextualPackable
{
    public string? Text;
}

[MemoryPackable]
public partial record Person(string Name, int? Age, Person? Friend);

[MemoryPackable]
public partial class Box<T>
{
    public T? Value { get; set; }
}

[MemoryPackable(GenerateType.VersionTolerant)]
public partial class Growing
{
    [MemoryPackOrder(0)]
    public int A { get; set; }
    [MemoryPackOrder(1)]
    public string? B { get; set; }
}

[MemoryPackable(GenerateType.CircularReference)]
public partial class Circle
{
    [MemoryPackOrder(0)]
    public Circle? Next { get; set; }
}

[MemoryPackable(GenerateType.Collection)]
public partial class Names : List<string>;

[MemoryPackable(GenerateType.Collection)]
public partial class Ages : Dictionary<string, int>;

[MemoryPackable]
[MemoryPackUnion(0, typeof(Disc))]
[MemoryPackUnion(300, typeof(Square))]
public partial interface IShape;

[MemoryPackable]
public partial record Disc(double Radius) : IShape;

[MemoryPackable]
public partial record Square(double Side) : IShape;

public interface INobody;

[MemoryPackable]
public partial class Formatted
{
    [Utf8StringFormatter]
    public string? Text { get; set; }
}

public sealed class ByHand : IMemoryPackable<ByHand>
{
    public int Value { get; init; }

    public static void RegisterFormatter()
        => MemoryPackFormatterProvider.Register(new MemoryPack.Formatters.MemoryPackableFormatter<ByHand>());

    public static void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref ByHand? value)
        where TBufferWriter : IBufferWriter<byte>
        => writer.WriteUnmanaged(value?.Value ?? 0);

    public static void Deserialize(ref MemoryPackReader reader, scoped ref ByHand? value)
        => value = new ByHand { Value = reader.ReadUnmanaged<int>() };
}
