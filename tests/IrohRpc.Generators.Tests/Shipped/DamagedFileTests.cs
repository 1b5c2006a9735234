using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>A file that a merge or a hand damaged is refused or compared; the compiler never fails over it.</summary>
public class DamagedFileTests
{
    private const string Source = """
        [Alpn("c/2"), Alpn("c/1")]
        public partial interface IC
        {
            [Fault<P>] Task<T> F(Page<P> a, (int, E?) b, Dictionary<string, S[]> c, CancellationToken t);
            [Since("c/2")] IAsyncEnumerable<V> G(IProgress<V> v, IC c, CancellationToken t);
        }

        public enum E { A, B }
        public struct V { public int X; public E E; }
        [MemoryPackable] public partial record P(int X, P? Next);
        [MemoryPackable] public partial record Page<I>(int Number, I[] Items);
        [MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(0)] public P? P { get; set; } [MemoryPackOrder(1)] public S? S { get; set; } }
        [MemoryPackable, MemoryPackUnion(0, typeof(A)), MemoryPackUnion(1, typeof(B))] public abstract partial record S;
        [MemoryPackable] public partial record A(int X) : S;
        [MemoryPackable] public partial record B(E X) : S;
        """;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_damage_to_a_line_is_named_or_compared(int seed)
    {
        Compilation compilation = ContractProject.Contract(Source).Sources;
        string[] lines = ShippedProject.Record(Source).Split('\n');
        var random = new Random(seed);
        int named = 0;
        int compared = 0;
        for (int i = 0; i < 300; i++)
        {
            string[] damaged = [.. lines];
            for (int count = random.Next(1, 3); count > 0; count--)
            {
                Damage(damaged, random);
            }

            var file = ShippedFile.Parse(damaged);
            ShippedRecord record = ShippedRecord.Of(compilation, file, TestContext.Current.CancellationToken);
            if (file.Problems.Count > 0)
            {
                named++;
                Assert.NotEmpty(record.Refusals);
            }
            else
            {
                compared++;
            }
        }

        // Both must have happened, or the damage was not of every kind.
        Assert.True(named > 10 && compared > 10, $"{named} named, {compared} compared");
    }

    private static void Damage(string[] lines, Random random)
    {
        const string marks = "<>(){}[],:@#~^!-= x0";
        int at = random.Next(3, lines.Length);
        string line = lines[at];
        int place = random.Next(line.Length + 1);
        lines[at] = random.Next(6) switch
        {
            0 => "",
            1 => lines[random.Next(3, lines.Length)],
            2 when place < line.Length => line.Remove(place, 1),
            3 => line[..place],
            _ => line.Insert(place, marks[random.Next(marks.Length)].ToString()),
        };
    }
}
