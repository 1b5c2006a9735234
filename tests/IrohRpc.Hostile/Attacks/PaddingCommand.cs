using System.Runtime.CompilerServices;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;
using MemoryPack;

namespace IrohRpc.Hostile;

/// <summary>Looks whether bytes that nobody wrote leave with a struct that has gaps between its fields.</summary>
internal static class PaddingCommand
{
    private const int Rounds = 100_000;

    public static int Run()
    {
        int leaked = Try("a pair", static i => new Pair((byte)i, i), 1, 8)
            + Try("a larger struct", static i => new Gapped { A = (byte)i, B = i, C = 3, D = i, E = 5 }, 1, 8)
            + Try("one that a method returns", static i => Make(i), 17, 24)
            + Try("one within a tuple", static i => (Make(i), (byte)i), 25, 32)
            + Try("one that may be null", static i => i % 2 == 0 ? Make(i) : (Gapped?)null, 1, 8)
            + Try("one in an array", static i => new[] { Make(i), Make(i + 1) }, 4 + 17, 4 + 24)
            + Try("one in a list", static i => new List<Gapped> { Make(i) }, 4 + 17, 4 + 24)
            + Try("one in a record", static i => new Holding(Make(i), "x"), 1 + 17, 1 + 24);
        return leaked == 0 ? 0 : 1;
    }

    private static int Try<T>(string what, Func<int, T> make, int gap, int gapEnd)
    {
        var buffer = new CallBuffer();
        ValueWriter<T> writer = static (ref writer, value) => writer.WriteValue(value);
        int leaked = 0;
        for (int i = 0; i < Rounds; i++)
        {
            Soil(200);
            buffer.Clear();
            Write(buffer, writer, make, i);
            leaked += buffer.WrittenSpan[gap..gapEnd].IndexOfAnyExcept((byte)0) >= 0 ? 1 : 0;
        }

        Console.WriteLine($"{what}: {leaked} of {Rounds} left with bytes that nobody wrote");
        return leaked;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Write<T>(CallBuffer buffer, ValueWriter<T> writer, Func<int, T> make, int i) => buffer.WriteValue(make(i), writer, WriteBounds.Default);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Gapped Make(int i)
    {
        var made = new Gapped { A = (byte)i, B = i, C = 3 };
        made.D = made.B + i;
        made.E = (byte)made.D;
        return made;
    }

    // Leaves the stack below full of what looks like secrets.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Soil(int size)
    {
        Span<byte> secret = stackalloc byte[size * 8];
        secret.Fill(0xCC);
        return secret[size] + secret[0];
    }
}

/// <summary>Fields of one byte before those of eight.</summary>
public struct Gapped
{
    public byte A { get; set; }

    public long B { get; set; }

    public byte C { get; set; }

    public long D { get; set; }

    public byte E { get; set; }
}

[MemoryPackable]
public partial record Holding(Gapped Gapped, string Text);
