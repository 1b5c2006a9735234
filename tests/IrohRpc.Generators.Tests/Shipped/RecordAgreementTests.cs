using System.Globalization;
using System.Text;

namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>
/// The record and the ids describe types each in their own way, by the same rules: the text that an id is made from can be put together from the record's lines.
/// </summary>
public class RecordAgreementTests
{
    [Theory]
    [InlineData("int a, string? b, Guid c, DateTimeOffset d")]
    [InlineData("int? a, (int, string) b, KeyValuePair<Kind, Kind?> c, Dictionary<string, List<Kind>> d")]
    [InlineData("Plain a, Plain[] b, IReadOnlyList<Plain?> c")]
    [InlineData("Page<Plain> a, Page<Kind> b, Page<Page<int>> c")]
    [InlineData("Tree a, Loop b")]
    [InlineData("Grown a, Page<Grown> b")]
    [InlineData("Shape a, Circle b")]
    [InlineData("Point a, Point? b, Point[] c, Memory<Point> d, Range e")]
    [InlineData("int[,] a, Written b, Names c, Lazy<Plain> d, Tuple<int, Plain> e")]
    [InlineData("Kept a, Kept[] b, Wrapped<int> c, Wrapped<string?> d, TimeZoneInfo.TransitionTime e")]
    [InlineData("IAsyncEnumerable<Plain> a, IProgress<Kind> b, IC c, Stream d")]
    public void A_signature_can_be_put_together_from_the_record(string parameters)
    {
        var file = ShippedFile.Parse(ShippedProject.Record($$"""
            [Alpn("c/1")] public partial interface IC { Task<Plain> F({{parameters}}, CancellationToken t); }

            public enum Kind : short { A, B = 5 }
            public struct Kept(Kind a) { public int B; public Kind A() => a; }
            [MemoryPackable] public partial struct Wrapped<T> { public T A; public int B; }
            public struct Point { public Kind K; public double Y; }
            [MemoryPackable] public partial record Plain(int X, Kind Kind, Inner? Inner);
            [MemoryPackable] public partial record Inner(Point At, string[] Names);
            [MemoryPackable] public partial record Page<T>(int Number, T[] Items);
            [MemoryPackable] public partial record Tree(Tree[] Children, Plain Value);
            [MemoryPackable(GenerateType.CircularReference)] public partial class Loop { [MemoryPackOrder(0)] public Loop? Next { get; set; } }
            [MemoryPackable(GenerateType.VersionTolerant)] public partial class Grown { [MemoryPackOrder(0)] public Plain? Value { get; set; } }
            [MemoryPackable, MemoryPackUnion(0, typeof(Circle)), MemoryPackUnion(3, typeof(Square))] public abstract partial record Shape;
            [MemoryPackable] public partial record Circle(double Radius) : Shape;
            [MemoryPackable] public partial record Square(Plain Side) : Shape;
            [MemoryPackable(GenerateType.NoGenerate)] public partial class Written;
            [MemoryPackable(GenerateType.Collection)] public partial class Names : List<Inner>;
            """).Split('\n'));
        ShippedVersion version = Assert.Single(file.Versions);
        ShippedMethod method = Assert.Single(version.Methods.Values);

        var text = new StringBuilder();
        var described = new HashSet<string>();
        text.Append('(').AppendJoin(',', method.Parameters.Select(parameter => Expand(parameter))).Append(")->").Append(Expand(method.Result));
        Assert.Equal(method.Id[9..], MethodId.OfSignature(text.ToString()).ToString("x16", CultureInfo.InvariantCulture));

        string Expand(TypeExpression type)
        {
            if (type.Name == "contract")
            {
                return type.Text;
            }

            string arguments = type.Arguments.Count > 0 ? $"<{string.Join(',', type.Arguments.Select(Expand))}>" : "";
            return type.Name + arguments + (version.Types.TryGetValue(type.Text, out ShippedType? line) ? Body(line) : "");
        }

        string Body(ShippedType type) => type.Form switch
        {
            ShippedForm.VersionTolerant => "~",
            ShippedForm.CircularReference => "^",
            ShippedForm.Custom => "!",
            _ when !described.Add(type.Name) => "",
            ShippedForm.Enum => $":{type.Detail}{{{string.Join(',', type.Members.Select(member => $"{member.Name}={member.Value}"))}}}",
            ShippedForm.Union => $"[{Members(type)}]",
            ShippedForm.Struct => $"{type.Detail}({Members(type)})",
            _ => $"{{{Members(type)}}}",
        };

        string Members(ShippedType type) => string.Join(',', type.Members.Select(member => $"{ShippedText.Unescape(member.Name)}:{Expand(TypeExpression.Parse(member.Value)!)}"));
    }
}
