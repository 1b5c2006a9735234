using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests;

/// <summary>Whatever a contract looks like, what is generated for it compiles without a warning.</summary>
public class GeneratedCodeTests
{
    [Theory]
    [InlineData("unary", "Task<int> FAsync(int a, CancellationToken t);")]
    [InlineData("no result", "Task FAsync(int a, CancellationToken t); ValueTask GAsync(CancellationToken t);")]
    [InlineData("one-way", "void F(string a); void G();")]
    [InlineData("no parameters", "ValueTask<string> F();")]
    [InlineData("items out", "IAsyncEnumerable<string> F(int n, CancellationToken t); Task<IAsyncEnumerable<int>> G(CancellationToken t); ValueTask<IAsyncEnumerable<int>> H(CancellationToken t);")]
    [InlineData("items in", "Task<long> F(IAsyncEnumerable<int> a, IAsyncEnumerable<string?> b, CancellationToken t);")]
    [InlineData("items both ways", "IAsyncEnumerable<string?> F(IAsyncEnumerable<Guid> a, CancellationToken t);")]
    [InlineData("values and contracts one-way", "void F(byte[] a, IOther b, CallContext c); void G(CancellationToken t);")]
    [InlineData("bytes as parameter", "Task F(Stream a, CancellationToken t); Task G(PipeReader a, CancellationToken t); Task H(PipeWriter a, CancellationToken t);")]
    [InlineData("bytes as result", "Task<Stream> F(CancellationToken t); ValueTask<PipeReader> G(CancellationToken t); Task<PipeWriter> H(CancellationToken t);")]
    [InlineData("bytes both ways", "Task F(Stream a, PipeWriter b, CancellationToken t); Task<Stream> G(PipeReader a, CancellationToken t);")]
    [InlineData("progress", "Task F(IProgress<double> a, IProgress<string>? b, CancellationToken t);")]
    [InlineData("contracts", "Task<IOther> F(IOther a, IOther? b, CancellationToken t); ValueTask<IOther?> G(CancellationToken t); Task<IC> H(IC self, CancellationToken t);")]
    [InlineData("context", "Task F(CallContext c, CancellationToken t); Task<int> G(int a, CallContext? c = null, CancellationToken t = default);")]
    [InlineData("mix", "Task<int> F(int a, IAsyncEnumerable<Guid> b, IProgress<int>? p, IOther o, string s, CallContext c, CancellationToken t = default);")]
    [InlineData("default values", "Task F(int a = 3, string s = \"x\\\"y\", string? n = null, E e = E.B, double d = 1.5, DateTime t = default, char c = '\\'', CancellationToken ct = default);")]
    [InlineData("nested generics", "Task<Dictionary<string, List<Point?>>> F(Dictionary<string, List<Point?>> a, IReadOnlyDictionary<int, string?[]?> b, CancellationToken t);")]
    [InlineData("nullable values", "Task<int?> F(E? a, S? b, Point? c, (int, string)? d, Guid? e, CancellationToken t);")]
    [InlineData("tuples", "Task<(int A, string? B)> F((int X, (string Y, int Z) W) a, ValueTuple<int> one, (int, int, int, int, int, int, int, string eighth) many, Tuple<int, string> old, CancellationToken t);")]
    [InlineData("arrays", "Task<int[][]> F(string[,] a, byte[] b, Point?[] c, int[,,] d, string?[]? e, params int[] rest);")]
    [InlineData("memory", "Task<ReadOnlyMemory<byte>> F(Memory<byte> a, ReadOnlyMemory<byte>? b, ArraySegment<byte> c, System.Buffers.ReadOnlySequence<byte> d, CancellationToken t);")]
    [InlineData("sequences", "Task<System.Buffers.ReadOnlySequence<long>> F(System.Buffers.ReadOnlySequence<int> a, List<System.Buffers.ReadOnlySequence<(byte, int)>> b, System.Buffers.ReadOnlySequence<DayOfWeek> c, CancellationToken t);")]
    [InlineData("records, unions, enums", "Task<IShape> F(Point a, R b, S c, E d, IShape? e, Base f, Outer.Inner g, CancellationToken t);")]
    [InlineData("collections", "Task<ISet<int>> F(IEnumerable<R> a, LinkedList<S> b, SortedList<string, int> c, System.Collections.Immutable.ImmutableArray<R> d, Lazy<int> e, KeyValuePair<int, string> f, ILookup<int, string> g, CancellationToken t);")]
    [InlineData("generic packables", "Task<Box<R>> F(Box<int> a, Box<Box<string?>?> b, List<Box<E>> c, CancellationToken t);")]
    [InlineData("collection packables", "Task<Names> F(Names a, CancellationToken t);")]
    [InlineData("keywords", "Task @class(int @int, string @return, IAsyncEnumerable<int> @in, @event @object, CancellationToken @default);")]
    [InlineData("contextual keywords", "Task async(int value, string var, int field, int await, int record, int scoped, CancellationToken yield);")]
    [InlineData("names of generated locals", "Task<string> F(int call, string service, int arguments, IAsyncEnumerable<int> call_, int Invoker, int reader, int writer, CancellationToken t);")]
    [InlineData("names of generated members", "Task Dispatch(); Task Contract(); Task ToString(int a); Task Equals(int a); Task Dispose(); Task Invoker(); Task GetHashCode(int a);")]
    [InlineData("names of tokens", "Task Methods(); Task ContractMethods(); Task GetHashCode(); Task Name();")]
    [InlineData("overloads", "[WireName(\"One\")] Task F(int a); [WireName(\"Two\")] Task F(string a); [WireName(\"to/three\")] Task F(Guid a);")]
    [InlineData("obsolete", "[Obsolete(\"no more\")] Task F(int a); [Obsolete] void G(); [Obsolete(\"never\", true)] Task<int> H(int a); [Obsolete(\"never\", true)] IAsyncEnumerable<int> I();")]
    [InlineData("default implementations", "Task F(int a); Task G() => F(1); static int H() => 3; const int I = 4;")]
    [InlineData("attributes", "[Since(\"c/2\"), Idempotent, MessageLimit(10), WireName(\"x\")] Task F(int a); [Fault<R>] Task<int> G(); [Fault<E>, Fault<string>] IAsyncEnumerable<int> H();")]
    [InlineData("dynamic-looking values", "Task F(Half b, Int128 c, DateOnly d, TimeSpan e, Version f, Uri g, System.Text.Rune h, System.Numerics.BigInteger i, decimal j);")]
    public async Task Every_shape_compiles_without_a_warning(string shape, string methods)
    {
        Assert.NotEmpty(shape);
        await ContractProject.AssertGeneratesAsync($$"""
            namespace Demo;

            public enum E : byte { A, B = 200 }
            public struct S { public int X; public double Y; }
            public struct @event { public int X; }
            [MemoryPackable] public partial class Point { public int X { get; set; } public string? Name { get; set; } }
            [MemoryPackable] public partial record R(string Name, Point? At, List<R> Children);
            [MemoryPackable, MemoryPackUnion(0, typeof(Circle)), MemoryPackUnion(7, typeof(Square))] public partial interface IShape;
            [MemoryPackable] public partial record Circle(double Radius) : IShape;
            [MemoryPackable] public partial record Square(double Side) : IShape;
            [MemoryPackable, MemoryPackUnion(0, typeof(Derived))] public abstract partial class Base;
            [MemoryPackable] public partial class Derived : Base { public int A { get; set; } }
            [MemoryPackable] public partial record Box<T>(T Value);
            [MemoryPackable(GenerateType.Collection)] public partial class Names : List<string>;
            public static partial class Outer { [MemoryPackable] public partial record Inner(int A); }

            [Alpn("other/1")] public partial interface IOther { Task PingAsync(CancellationToken cancellationToken); }

            [Alpn("c/2"), Alpn("c/1")]
            public partial interface IC
            {
                {{methods}}
            }
            """);
    }

    [Theory]
    [InlineData("global", "", "")]
    [InlineData("file-scoped", "namespace A.B;", "")]
    [InlineData("keyword", "namespace A.@class.@namespace;", "")]
    [InlineData("System inside", "namespace Company.System.Collections { ", "}")]
    [InlineData("IrohRpc inside", "namespace Company.IrohRpc.CompilerServices { ", "}")]
    [InlineData("MemoryPack inside", "namespace Company.MemoryPack.Formatters { ", "}")]
    [InlineData("below System", "namespace System.Threading.Tasks.Mine { ", "}")]
    [InlineData("below IrohRpc", "namespace IrohRpc.Mine { ", "}")]
    public async Task Any_namespace_will_do(string name, string before, string after)
    {
        Assert.NotEmpty(name);
        var project = ContractProject.Of($$"""
            {{before}}
            public struct Point { public int X; }

            // Names that the generated code would find first if it did not write its own in full.
            public class Task; public class String; public class CallInvoker; public class ValueTask; public class CancellationToken; public class IContract<T>;

            [global::IrohRpc.Alpn("c/1")]
            public partial interface IC
            {
                global::System.Threading.Tasks.Task<global::System.Collections.Generic.List<Point>> FAsync(
                    global::System.Collections.Generic.IAsyncEnumerable<string> a, int? b, global::System.Threading.CancellationToken t = default);
            }
            {{after}}
            """);
        await project.AssertCleanAsync();
        Assert.Single(project.Generated);
    }

    [Theory]
    [InlineData("contract", "[Alpn(\"c/1\")] public partial interface GeneratedProxy { Task F(int a); } [Alpn(\"d/1\")] public partial interface GeneratedMethods { Task F(int a); } [Alpn(\"e/1\")] public partial interface GeneratedDispatcher { Task F(); }")]
    [InlineData("methods", "[Alpn(\"c/1\")] public partial interface IC { Task GeneratedProxy(int a); Task<int> GeneratedMethods(); void GeneratedDispatcher(); Task<int> GeneratedMethods_(); }")]
    [InlineData("parameters", "[Alpn(\"c/1\")] public partial interface IC { Task<int> F(int GeneratedMethods, IAsyncEnumerable<int> GeneratedProxy, string GeneratedDispatcher); }")]
    [InlineData("types", "public class GeneratedMethods; [MemoryPackable] public partial record GeneratedProxy(int A); [Alpn(\"c/1\")] public partial interface IC { Task<GeneratedProxy> F(GeneratedProxy a); }")]
    [InlineData("nested", "[Alpn(\"c/1\")] public partial interface IC { Task<GeneratedProxy> F(); const int GeneratedMethods = 1; public enum GeneratedProxy { A } }")]
    [InlineData("inherited", "public interface IBase { Task GeneratedProxy(); static int GeneratedDispatcher() => 1; } [Alpn(\"c/1\")] public partial interface IC : IBase { Task<int> F(); }")]
    public async Task Names_of_generated_types_may_be_the_users(string where, string source)
    {
        Assert.NotEmpty(where);
        await ContractProject.AssertGeneratesAsync(source);
    }

    [Fact]
    public async Task Contracts_whose_names_differ_in_case_have_files_of_their_own()
    {
        ContractProject project = await ContractProject.AssertGeneratesAsync("""
            namespace Demo;

            [Alpn("a/1")] public partial interface IThing { Task F(); }
            [Alpn("b/1")] public partial interface ITHING { Task F(); }
            [Alpn("c/1")] public partial interface IThinG { Task F(); }
            [Alpn("d/1")] public partial interface IOther { Task F(); }
            """);
        Assert.Equal(["Demo.IOther.g.cs", "Demo.ITHING.g.cs", "Demo.IThinG.2.g.cs", "Demo.IThing.3.g.cs"], project.Generated.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nested_and_hidden_interfaces_are_contracts_too()
    {
        ContractProject project = await ContractProject.AssertGeneratesAsync("""
            namespace Demo;

            [Alpn("a/1")] internal partial interface IInternal { Task F(); }

            public static partial class Outer
            {
                [Alpn("b/1")] private partial interface IPrivate { Task F(Hidden a); }
                [MemoryPackable] private partial record Hidden(int X);
                private partial record struct Middle
                {
                    [Alpn("c/1")] internal partial interface IDeep { IAsyncEnumerable<int> F(); }
                }
                internal partial record Record
                {
                    internal partial interface IHolder
                    {
                        [Alpn("d/1")] internal partial interface IDeeper { void F(); }
                    }
                }
            }
            """);
        Assert.Equal(4, project.Generated.Count);
    }

    [Fact]
    public async Task A_contract_inherits_methods_from_interfaces_and_contracts()
    {
        ContractProject project = await ContractProject.AssertGeneratesAsync("""
            namespace Demo;

            public interface IPlain { Task PlainAsync(int a); }
            public interface ILeft : IPlain { Task LeftAsync(); }
            public interface IRight : IPlain { Task RightAsync(); }
            public interface IRepository<T> { ValueTask<T?> FindAsync(int id, CancellationToken t); }
            [MemoryPackable] public partial record User(string Name);

            [Alpn("v/1")] public partial interface IOne : ILeft, IRight, IRepository<User> { Task OneAsync(); }
            [Alpn("v/2")] public partial interface ITwo : IOne, IAsyncDisposable { Task TwoAsync(); }
            [Alpn("v/3")] public partial interface IThree : ITwo, IDisposable { new Task OneAsync(); }
            """);
        string two = project.Generated["Demo.ITwo.g.cs"];
        foreach (string method in (string[])["Plain", "Left", "Right", "Find", "One", "Two"])
        {
            Assert.Contains($"WireName = \"{method}\"", two, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task One_method_in_two_bases_is_one_method_to_the_peer()
    {
        ContractProject project = await ContractProject.AssertGeneratesAsync("""
            namespace Demo;

            public interface ILeft { Task<int> PingAsync(string a); }
            public interface IRight { Task<int> PingAsync(string b); }
            [Alpn("v/1")] public partial interface IBoth : ILeft, IRight;
            [Alpn("w/1")] public partial interface IHiding : IBoth { new Task<int> PingAsync(string c); }

            public class Both : IHiding { public Task<int> PingAsync(string a) => Task.FromResult(1); }
            """);
        string both = project.Generated["Demo.IBoth.g.cs"];
        Assert.Equal(2, both.Split("WireName = \"Ping\"").Length);
        Assert.Contains("> global::Demo.ILeft.PingAsync(string", both, StringComparison.Ordinal);
        Assert.Contains("> global::Demo.IRight.PingAsync(string", both, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Code_without_nullable_annotations_stays_quiet()
        => await ContractProject.AssertGeneratesAsync("""
            #nullable disable
            namespace Demo;

            [MemoryPackable] public partial class Point { public string Name { get; set; } }

            [Alpn("c/1")]
            public partial interface IC
            {
                Task<Point> F(string a, Point b, List<Point> c, IC d, IProgress<string> e, CallContext f);
                Task<IC> G(IAsyncEnumerable<string> a);
                Task<Stream> H();
                IAsyncEnumerable<Point> I();
            }
            """);

    [Fact]
    public async Task What_is_experimental_may_stand_in_a_contract()
        => await ContractProject.AssertGeneratesAsync("""
            using System.Diagnostics.CodeAnalysis;
            namespace Demo;

            [Experimental("TYPE1"), MemoryPackable] public partial class Point { public int X { get; set; } }

            #pragma warning disable TYPE1
            [Alpn("c/1"), Experimental("CONTRACT1")]
            public partial interface IC
            {
                [Experimental("METHOD2"), Obsolete] Task<int> F(int a);
                [Experimental("METHOD1")] void G();
                IAsyncEnumerable<List<Point[]>> H(Dictionary<string, Point?> points);
            }
            """);

    [Fact]
    public async Task A_contract_in_several_parts_is_generated_once()
    {
        ContractProject project = ContractProject.Of(
            ContractProject.Usings + "namespace Demo; [Alpn(\"c/2\")] public partial interface IC { Task F(); }",
            ContractProject.Usings + "namespace Demo; [Alpn(\"c/1\")] partial interface IC { Task G(); }");
        await project.AssertCleanAsync();
        Assert.Contains("[\"c/2\", \"c/1\"]", Assert.Single(project.Generated).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_a_contract_does_not_compile_as_a_type_argument()
    {
        ContractProject project = ContractProject.Contract("""
            namespace Demo;

            public interface INotOne;
            [Alpn("c/1")] public partial interface IC;

            public static class Use
            {
                private static void Connect<T>() where T : class, IrohRpc.CompilerServices.IContract<T> { }
                public static void Right() => Connect<IC>();
                public static void Wrong() => Connect<INotOne>();
            }
            """);
        Diagnostic error = Assert.Single(project.Compilation.GetDiagnostics(TestContext.Current.CancellationToken), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Contains("INotOne", error.GetMessage(), StringComparison.Ordinal);
    }
}
