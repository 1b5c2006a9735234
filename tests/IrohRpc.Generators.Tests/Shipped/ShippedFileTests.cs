using Microsoft.CodeAnalysis.Text;

namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>The shipped file: what it records, that it can be read back, and that it says which line cannot be.</summary>
public class ShippedFileTests
{
    private const string Library = """
        namespace Demo;

        [Alpn("library/10"), Alpn("library/9")]
        public partial interface ILibrary
        {
            [Fault<Gone>]
            ValueTask<Book?> FindAsync(string title, CallContext? context = null, CancellationToken cancellationToken = default);

            [Since("library/10")]
            IAsyncEnumerable<Page<Book>> ListAsync(Kind kind, (int, Point?) at, CancellationToken cancellationToken = default);

            void Notify(IReadOnlyList<Shape> shapes, Uri[] uris, DayOfWeek day);
        }

        [MemoryPackable(GenerateType.VersionTolerant)]
        public partial class Book
        {
            [MemoryPackOrder(0)] public required string Title { get; init; }
            [MemoryPackOrder(2)] public Dictionary<string, Kind>? Tags { get; init; }
        }

        [MemoryPackable] public partial record Page<T>(int Number, T[] Items);
        [MemoryPackable] public partial record Gone(string Reason);
        public enum Kind : byte { Novel = 1, Poem = 2 }
        public struct Point { public int X; public double Y; }

        [MemoryPackable]
        [MemoryPackUnion(0, typeof(Circle))]
        [MemoryPackUnion(7, typeof(Square))]
        public abstract partial record Shape;
        [MemoryPackable] public partial record Circle(double Radius) : Shape;
        [MemoryPackable] public partial record Square(double Side) : Shape;
        """;

    [Fact]
    public void Records_every_method_and_every_type_of_every_version()
        => Assert.Equal(
            """
            # What shipped under each ALPN. Peers out there speak it, so that nothing that stands here may change.
            # Written by "dotnet build -p:RecordContracts=true"; who retires an ALPN writes "retired" behind it.

            alpn library/9
              method Find (string)->Book throws Gone e42a2b82-dfe17ec834d8b1bf
              method Notify (list<Shape>, list<uri>, System.DayOfWeek())->oneway 73b7e2f4-511470456a3d3454
              type Book~{Title@0:string, Tags@2:map<string, Kind>}
              type Circle{Radius:f64}
              type Gone{Reason:string}
              type Kind:u8{Novel=1, Poem=2}
              type Shape[0:Circle, 7:Square]
              type Square{Side:f64}

            alpn library/10
              method Find (string)->Book throws Gone e42a2b82-dfe17ec834d8b1bf
              method List (Kind, tuple<i32, opt<Point>>)->stream<Page<Book>> 542f206f-b2f81aa500a5e03f
              method Notify (list<Shape>, list<uri>, System.DayOfWeek())->oneway 73b7e2f4-511470456a3d3454
              type Book~{Title@0:string, Tags@2:map<string, Kind>}
              type Circle{Radius:f64}
              type Gone{Reason:string}
              type Kind:u8{Novel=1, Poem=2}
              type Page<Book>{Number:i32, Items:list<Book>}
              type Point(X:i32, Y:f64)
              type Shape[0:Circle, 7:Square]
              type Square{Side:f64}

            """,
            ShippedProject.Record(Library));

    [Fact]
    public void What_was_written_reads_back_the_same()
    {
        string text = ShippedProject.Record(Library);
        var file = ShippedFile.Parse(text.Split('\n'));
        Assert.Empty(file.Problems);
        Assert.Equal(text, ShippedWriter.Write(file.Versions));
    }

    [Fact]
    public void Recording_again_changes_nothing()
    {
        string text = ShippedProject.Record(Library);
        Assert.Equal(text, ShippedProject.Record(Library, text));
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\n")]
    public void Reads_the_line_ends_of_Windows_and_of_Unix(string lineEnd)
    {
        string text = ShippedProject.Record(Library);
        SourceText source = SourceText.From(text.Replace("\n", lineEnd, StringComparison.Ordinal));
        var file = ShippedFile.Parse(source.Lines.Select(line => line.ToString()));
        Assert.Empty(file.Problems);
        Assert.Equal(text, ShippedWriter.Write(file.Versions));
    }

    [Fact]
    public void Types_of_one_name_are_numbered_and_a_name_with_a_meaning_is_never_the_first()
        => Assert.Equal(
            ["method F (A, A#2, i32#2, Box<A#2>)->void", "type A{X:i32}", "type A#2{Y:i32}", "type Box<A#2>{Value:A#2}", "type i32#2{Z:i32}"],
            ShippedProject.LinesOf(
                """
                namespace Demo;
                [Alpn("c/1")] public partial interface IC { Task F(One.A a, Two.A b, i32 c, Box<Two.A> d, CancellationToken t); }
                public static partial class One { [MemoryPackable] public partial record A(int X); }
                public static partial class Two { [MemoryPackable] public partial record A(int Y); }
                [MemoryPackable] public partial record Box<T>(T Value);
                [MemoryPackable] public partial record i32(int Z);
                """,
                "c/1").Select(WithoutId));

    [Fact]
    public void Types_that_contain_each_other_are_recorded_once()
        => Assert.Equal(
            ["method F (Node)->void", "type Leaf{Owner:Node}", "type Node{Children:list<Node>, Leaf:Leaf}"],
            ShippedProject.LinesOf(
                """
                [Alpn("c/1")] public partial interface IC { Task F(Node node, CancellationToken t); }
                [MemoryPackable] public partial record Node(Node[] Children, Leaf? Leaf);
                [MemoryPackable] public partial record Leaf(Node? Owner);
                """,
                "c/1").Select(WithoutId));

    [Fact]
    public void Structs_say_what_they_declare_of_their_layout()
        => Assert.Equal(
            ["method F (Packed, Free, System.Index())->void", "type Free(A@0:u8, B@4:i32)", "type Packed pack1(A:u8, B:i32)"],
            ShippedProject.LinesOf(
                """
                using System.Runtime.InteropServices;
                [Alpn("c/1")] public partial interface IC { Task F(Packed a, Free b, Index c, CancellationToken t); }
                [StructLayout(LayoutKind.Sequential, Pack = 1)] public struct Packed { public byte A; public int B; }
                [StructLayout(LayoutKind.Explicit)] public struct Free { [FieldOffset(0)] public byte A; [FieldOffset(4)] public int B; }
                """,
                "c/1").Select(WithoutId));

    [Fact]
    public void Streams_progress_contracts_and_names_of_any_kind_are_recorded()
        => Assert.Equal(
            ["method Two\\u003awords (stream<i32>, bytes, progress<f64>, contract<c>)->contract<other\\u003cname>", "method Up (bytesback)->bytesback"],
            ShippedProject.LinesOf(
                """
                [Alpn("c/1")]
                public partial interface IC
                {
                    [WireName("Two:words")]
                    ValueTask<IOther> F(IAsyncEnumerable<int> a, Stream b, IProgress<double> c, IC? d, CancellationToken t);
                    Task<PipeWriter> UpAsync(PipeWriter a, CancellationToken t);
                }
                [Alpn("other<name/1")] public partial interface IOther { void F(); }
                """,
                "c/1").Select(WithoutId));

    [Fact]
    public void What_a_contract_inherits_is_recorded_with_it()
        => Assert.Equal(
            ["method F ()->void", "method G ()->void", "method H ()->void"],
            ShippedProject.LinesOf(
                """
                public interface IBase { Task F(CancellationToken t); }
                [Alpn("c/1")] public partial interface IOld : IBase { Task G(CancellationToken t); }
                [Alpn("c/2")] public partial interface INew : IOld { Task H(CancellationToken t); }
                """,
                "c/2").Select(WithoutId));

    [Fact]
    public void Neither_the_order_of_the_source_nor_its_names_matter()
    {
        const string one = """
            [Alpn("a/1")] public partial interface IA { Task F(int x, CancellationToken t); Task G(string y, CancellationToken t); }
            [Alpn("b/1")] public partial interface IB { Task<P> F(CancellationToken t); }
            [MemoryPackable] public partial record P(int X);
            """;
        const string other = """
            namespace Elsewhere;
            [MemoryPackable] public partial record P(int X);
            public static partial class Outer { [Alpn("b/1")] public partial interface IRenamed { Task<P> FAsync(); } }
            [Alpn("a/1")] public partial interface IOther { ValueTask GAsync(string z); ValueTask FAsync(int w, CallContext? context = null); }
            """;
        Assert.Equal(ShippedProject.Record(one), ShippedProject.Record(other));
    }

    [Fact]
    public void Versions_are_ordered_by_their_numbers()
        => Assert.Equal(
            ["alpn a/1", "alpn a/1.2", "alpn a/1.10", "alpn a/2", "alpn a/10", "alpn b/1"],
            ShippedProject.Record("""
                [Alpn("b/1")] public partial interface IB { void F(); }
                [Alpn("a/1.10"), Alpn("a/10"), Alpn("a/2"), Alpn("a/1"), Alpn("a/1.2")] public partial interface IA { void F(); }
                """).Split('\n').Where(line => line.StartsWith("alpn", StringComparison.Ordinal)));

    [Theory]
    [InlineData("b/3", "b/1", "b/2")]
    [InlineData("b/11", "b/10", "b/9")]
    [InlineData("b/2", "b/1.1", "b/1")]
    [InlineData("b/v3", "b/v2")]
    [InlineData("b/beta2", "b/beta")]
    public void The_next_version_has_the_next_number(string next, params string[] known) => Assert.Equal(next, AlpnOrder.Next(known));

    [Fact]
    public void Recording_keeps_what_is_retired_and_what_the_team_wrote_above_a_version()
    {
        const string before = """
            # A stray comment.

            # The first release, 2026.
            alpn c/1 retired
              method Old (X)->void 00000000-0000000000000000
              type X{A:i32}

            # The second.
            alpn c/2
              method F ()->void e44eb0a5-b8a4bb2ec1d5c2c9
            """;
        string[] lines = ShippedProject.TryRecord("[Alpn(\"c/3\"), Alpn(\"c/2\")] public partial interface IC { Task F(CancellationToken t); }", before).Text.Split('\n');
        Assert.Equal(
            ["", "# The first release, 2026.", "alpn c/1 retired", "  method Old (X)->void 00000000-0000000000000000", "  type X{A:i32}", "", "# The second.", "alpn c/2"],
            lines.Skip(2).Take(8));
        Assert.Contains("alpn c/3", lines);
    }

    [Theory]
    [InlineData("<<<<<<< HEAD", 3, "marks a merge conflict; keep what shipped from either side, and record again")]
    [InlineData("=======", 3, "marks a merge conflict; keep what shipped from either side, and record again")]
    [InlineData(">>>>>>> branch", 3, "marks a merge conflict; keep what shipped from either side, and record again")]
    [InlineData("methods F ()->void", 3, "is neither an alpn nor a method, a type or a comment: \"methods F ()->void\"")]
    [InlineData("method F ()->void", 3, "is neither an alpn nor a method, a type or a comment: \"method F ()->void\"")]
    [InlineData("method F (->void 00000000-0000000000000000", 3, "is neither an alpn nor a method, a type or a comment: \"method F (->void 00000000-0000000000000000\"")]
    [InlineData("type A", 3, "is neither an alpn nor a method, a type or a comment: \"type A\"")]
    [InlineData("type A{B}", 3, "is neither an alpn nor a method, a type or a comment: \"type A{B}\"")]
    [InlineData("type A~{B:i32}", 3, "is neither an alpn nor a method, a type or a comment: \"type A~{B:i32}\"")]
    [InlineData("type A{B:list<i32}", 3, "is neither an alpn nor a method, a type or a comment: \"type A{B:list<i32}\"")]
    [InlineData("method G ()->void 00000000-0000000000000000", 3, "gives the method \"G\" a second time; keep the one that shipped")]
    [InlineData("type P{A:i32}", 3, "gives the type \"P\" a second time; keep the one that shipped")]
    [InlineData("alpn c/1", 3, "begins \"c/1\" a second time; bring both blocks together in one")]
    [InlineData("alpn c/2 gone", 3, "says \"c/2 gone\"; an ALPN has no spaces, and nothing but the word \"retired\" stands behind it")]
    [InlineData("method F (Q)->void 00000000-0000000000000000", 0, "begins \"c/1\", which names the type \"Q\" without a line for it; put that line back")]
    public void A_line_that_cannot_be_read_is_named(string line, int index, string reason)
        => Assert.Equal(
            new ShippedProblem(index, reason),
            Assert.Single(ShippedFile.Parse(["alpn c/1", "method G ()->void 00000000-0000000000000000", "type P{A:i32}", line]).Problems));

    [Fact]
    public void A_line_above_the_first_version_is_named()
        => Assert.Equal(new ShippedProblem(0, "stands above the first \"alpn\""), Assert.Single(ShippedFile.Parse(["type P{A:i32}"]).Problems));

    private static string WithoutId(string line) => line.StartsWith("method", StringComparison.Ordinal) ? line[..line.LastIndexOf(' ')] : line;
}
