using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using MemoryPack;

namespace IrohRpc.Hostile;

[MemoryPackable]
public partial record Empty;

[MemoryPackable]
public partial record Person(string Name, int Year, string? Nickname, DateTime Born, bool IsAlive);

[MemoryPackable]
public partial record Order(string Customer, List<Person> Lines, Dictionary<string, decimal> Prices, Person? Agent, int?[] Counts, Money Total);

/// <summary>A struct that is written member by member.</summary>
[MemoryPackable]
public partial record struct Money(decimal Amount, string Currency);

/// <summary>A struct that is copied as it stands, with padding.</summary>
[MemoryPackable]
public partial record struct Pair(byte First, long Second);

public record struct Key(long High, long Low);

/// <summary>Fields that not every byte is right for, in an order that leaves gaps.</summary>
public struct Flags
{
    public bool A { get; set; }

    public decimal B { get; set; }

    public bool C { get; set; }

    public DateTime D { get; set; }

    public (bool E, DateOnly F) G { get; set; }

    public bool? H { get; set; }

    public Rune I { get; set; }

    public DateTimeOffset J { get; set; }

    public TimeOnly K { get; set; }
}

[InlineArray(32)]
public struct Longs
{
    private long _first;
}

/// <summary>A kilobyte where it stands.</summary>
public struct Wide
{
    public Longs A;
    public Longs B;
    public Longs C;
    public Longs D;
}

[MemoryPackable]
public partial struct Holder
{
    public Wide Wide { get; set; }

    public string? Text { get; set; }
}

[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct Packed
{
    public bool A;
    public long B;
    public decimal C;
    public bool D;
}

[StructLayout(LayoutKind.Explicit)]
public struct Overlap
{
    [FieldOffset(0)]
    public long Number;

    [FieldOffset(0)]
    public double Same;

    [FieldOffset(8)]
    public bool Flag;

    [FieldOffset(8)]
    public bool SameFlag;

    [FieldOffset(12)]
    public int Other;
}

[InlineArray(5)]
public struct Booleans
{
    private bool _first;
}

public unsafe struct Buffers
{
    public fixed bool Flags[7];
    public int Number;
    public Booleans More;
}

[MemoryPackable]
public partial class Numbers
{
    public sbyte A { get; set; }

    public ulong B { get; set; }

    public Half C { get; set; }

    public Int128 D { get; set; }

    public double? E { get; set; }

    public DayOfWeek F { get; set; }

    public DayOfWeek? G { get; set; }
}

[MemoryPackable]
public partial class Node
{
    public Node? Next { get; set; }
}

[MemoryPackable]
public partial class Tree
{
    public string? Name { get; set; }

    public List<Tree>? Children { get; set; }

    public Tree[]? More { get; set; }

    public Dictionary<string, Tree>? Named { get; set; }
}

[MemoryPackable(GenerateType.VersionTolerant)]
public partial class Tolerant
{
    [MemoryPackOrder(0)]
    public string Name { get; set; } = "";

    [MemoryPackOrder(2)]
    public int Number { get; set; }

    [MemoryPackOrder(3)]
    public List<Person>? People { get; set; }

    [MemoryPackOrder(5)]
    public bool IsOpen { get; set; }
}

[MemoryPackable(GenerateType.VersionTolerant)]
public partial class TolerantTree
{
    [MemoryPackOrder(0)]
    public TolerantTree? Left { get; set; }

    [MemoryPackOrder(1)]
    public List<TolerantTree>? Others { get; set; }

    [MemoryPackOrder(2)]
    public long Value { get; set; }
}

[MemoryPackable(GenerateType.VersionTolerant)]
public partial class TolerantPoint
{
    [MemoryPackOrder(0)]
    public int X { get; set; }

    [MemoryPackOrder(1)]
    public byte[]? Bytes { get; set; }

    [MemoryPackOrder(2)]
    public string? Text { get; set; }

    [MemoryPackOrder(3)]
    public decimal? Price { get; set; }
}

[MemoryPackable(GenerateType.CircularReference)]
public partial class Graph
{
    [MemoryPackOrder(0)]
    public Graph? Parent { get; set; }

    [MemoryPackOrder(1)]
    public List<Graph>? Children { get; set; }

    [MemoryPackOrder(2)]
    public string? Name { get; set; }
}

[MemoryPackable]
[MemoryPackUnion(0, typeof(Square))]
[MemoryPackUnion(1, typeof(Group))]
[MemoryPackUnion(300, typeof(Label))]
public partial interface IShape;

[MemoryPackable]
public partial record Square(int Side) : IShape;

[MemoryPackable]
public partial record Group(List<IShape> Shapes, IShape? Outline) : IShape;

[MemoryPackable]
public partial record Label(string Text) : IShape;

[MemoryPackable]
public partial record Box<T>(T Value, List<T> More);

[MemoryPackable(GenerateType.Collection)]
public partial class Shelf : List<Person>;

[MemoryPackable(GenerateType.Collection)]
public partial class Balances : Dictionary<string, decimal>;

[MemoryPackable(GenerateType.Collection)]
public partial class Accounts : Dictionary<long, int>;

[MemoryPackable(GenerateType.Collection)]
public partial class Ids : HashSet<long>;

/// <summary>MemoryPack's own formatters on members.</summary>
[MemoryPackable]
public partial class Annotated
{
    [Utf8StringFormatter]
    public string A { get; set; } = "";

    [Utf16StringFormatter]
    public string? B { get; set; }

    [BitPackFormatter]
    public bool[]? C { get; set; }

    [OrdinalIgnoreCaseStringDictionaryFormatter<int>]
    public Dictionary<string, int>? D { get; set; }

    [MemoryPoolFormatter<byte>]
    public Memory<byte> E { get; set; }
}

/// <summary>A formatter of the user's, which keeps to what a reader offers.</summary>
[MemoryPackable]
public partial class Secret
{
    [Reversed]
    public string Text { get; set; } = "";

    public int After { get; set; }
}

[AttributeUsage(AttributeTargets.Property)]
public sealed class ReversedAttribute : MemoryPackCustomFormatterAttribute<string>
{
    public override IMemoryPackFormatter<string> GetFormatter() => new ReversedFormatter();
}

public sealed class ReversedFormatter : MemoryPackFormatter<string>
{
    public override void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref string? value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value ?? "");
        Array.Reverse(bytes);
        writer.WriteUnmanagedArray(bytes);
    }

    public override void Deserialize(ref MemoryPackReader reader, scoped ref string? value)
    {
        byte[] bytes = reader.ReadBytesSafely() ?? [];
        Array.Reverse(bytes);
        value = Encoding.UTF8.GetString(bytes);
    }
}

[MemoryPackable]
public partial class Outer
{
    [MemoryPackInclude]
    private Inner? _inner;

    [MemoryPackInclude]
    private int _number;

    public Outer()
    {
    }

    [MemoryPackConstructor]
    public Outer(Inner? inner, int number)
    {
        _inner = inner;
        _number = number;
    }

    [MemoryPackable]
    public partial record struct Inner(string Text, bool Flag);
}

/// <summary>A type that reads and writes itself.</summary>
public sealed class Temperature : IMemoryPackable<Temperature>
{
    static Temperature() => RegisterFormatter();

    public double Degrees { get; set; }

    public static void RegisterFormatter()
    {
        if (!MemoryPackFormatterProvider.IsRegistered<Temperature>())
        {
            MemoryPackFormatterProvider.Register(new MemoryPack.Formatters.MemoryPackableFormatter<Temperature>());
        }
    }

    public static void Serialize<TBufferWriter>(ref MemoryPackWriter<TBufferWriter> writer, scoped ref Temperature? value)
        where TBufferWriter : System.Buffers.IBufferWriter<byte>
        => writer.WriteUnmanaged(value?.Degrees ?? double.NaN);

    public static void Deserialize(ref MemoryPackReader reader, scoped ref Temperature? value)
        => value = new Temperature { Degrees = reader.ReadUnmanaged<double>() };
}

[MemoryPackable]
public partial class Members
{
    public string Required { get; set; } = "";

    public string? Optional { get; set; }

    public List<string> Names { get; set; } = [];

    public (string A, string? B) Both { get; set; } = ("", null);

    public Dictionary<string, string?> Map { get; set; } = [];
}
