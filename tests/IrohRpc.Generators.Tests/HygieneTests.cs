using System.Collections.Immutable;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Tests;

/// <summary>A contract that C# accepts never breaks the build by what is generated for it; one that has an error has this error alone.</summary>
public class HygieneTests
{
    [Theory]
    [InlineData("a method called as a parameter of the dispatcher", "[Alpn(\"a/1\")] public partial interface IC { Task call(string number); Task service(); Task arguments(int call, int service); }")]
    [InlineData("methods called as delegates", "[Alpn(\"a/1\")] public partial interface IC { Task<string> Line(); Task Read_Line(); Task Write_Line(); Task<int> Read_Line_(); }")]
    [InlineData("a method called as a fault", "[MemoryPackable] public partial record R(int A); [Alpn(\"a/1\")] public partial interface IC { [Fault<R>] Task F(); Task Fault_R(); }")]
    [InlineData("underscores between methods and parameters", "[Alpn(\"a/1\")] public partial interface IC { Task A(IAsyncEnumerable<int> b_c); Task A_b(IAsyncEnumerable<string> c); Task<string> A_b_c(); }")]
    [InlineData("tokens", "public class Methods; [Alpn(\"a/1\")] public partial interface IC { Task F(ContractMethods a); } [MemoryPackable] public partial record ContractMethods(int A);")]
    [InlineData("a type called Methods", "[MemoryPackable] public partial record Methods(int A); [Alpn(\"a/1\")] public partial interface IC { Task<Methods> F(Methods a); }")]
    [InlineData("types called as nested types", "[MemoryPackable] public partial record Proxy(int A); [MemoryPackable] public partial record Descriptors(int A); [MemoryPackable] public partial record Shapes(string A); public enum Dispatcher { A } [Alpn(\"a/1\")] public partial interface IC { Task<Proxy> F(Descriptors a, Shapes b, Dispatcher c, string Proxy_); }")]
    [InlineData("contracts called as nested types", "[Alpn(\"a/1\")] public partial interface Proxy { Task<int> F(string Descriptors); } [Alpn(\"b/1\")] public partial interface Dispatcher { Task F(List<string> Shapes); } [Alpn(\"c/1\")] public partial interface Methods { Task Proxy(); Task Descriptors(); }")]
    [InlineData("inherited parameters called as nested types", "public interface IBase { Task<int> F(string Descriptors, int Shapes, int Proxy, int Dispatcher, int Methods); } [Alpn(\"a/1\")] public partial interface IC : IBase;")]
    [InlineData("wire names as identifiers", "[Alpn(\"a/1\")] public partial interface IC { [WireName(\"Methods\")] Task F(int a); [WireName(\"Contract\")] Task F(string a); [WireName(\"class\")] Task F(long a); [WireName(\"Dispatch\")] Task F(Guid a); }")]
    [InlineData("statements", "[Alpn(\"a/1\")] public partial interface IC { Task var(int a); Task nameof(); Task await(); Task yield(); Task global(); Task field(); Task value(); Task record(); Task file(); Task extension(); Task from(); Task scoped(); Task async(); Task dynamic(); Task when(); Task _(); Task required(); Task partial(); Task where(); Task get(); Task set(); Task nint(); Task unmanaged(); Task notnull(); Task allows(); }")]
    [InlineData("types called as contextual keywords", "public struct @record { public int A; } public struct nint { public int A; } public enum @var { A } public struct dynamic { public int A; } public struct @await { public int A; } public struct notnull { public int A; } public struct unmanaged { public int A; } public struct global { public int A; } [Alpn(\"a/1\")] public partial interface IC { Task<@var> F(global::nint a, dynamic b, @await c, notnull d, unmanaged e, global f, @record g); }")]
    [InlineData("an obsolete type and method, as errors", "[Obsolete(\"\", true)] public struct Old { public int A; } [MemoryPackable, Obsolete(\"\", true)] public partial class Older { public int A; public Old B; } [Alpn(\"a/1\")] public partial interface IC { [Obsolete(\"\", true)] Task<Old> F(Older a, List<Old> b, Dictionary<int, Older> c); [Obsolete(\"\", true)] Task<int> G(IAsyncEnumerable<Old?> a, IProgress<Older[]> b); }")]
    [InlineData("an obsolete method of two bases, as an error", "public interface ILeft { [Obsolete(\"\", true)] Task F(); } public interface IRight { [Obsolete(\"\", true)] Task F(); } [Alpn(\"a/1\")] public partial interface IC : ILeft, IRight;")]
    [InlineData("an obsolete contract, as an error", "[Alpn(\"o/1\"), Obsolete(\"\", true)] public partial interface IOld { Task F(); } [Alpn(\"a/1\")] public partial interface IC { [Obsolete(\"\", true)] Task<IOld> F(IOld a); }")]
    [InlineData("obsolete with an id of its own", "[Obsolete(\"x\", DiagnosticId = \"ACME001\")] public struct Old { public int A; } [Alpn(\"a/1\")] public partial interface IC { [Obsolete(\"x\", DiagnosticId = \"ACME002\")] Task<int> F(int a); \n#pragma warning disable ACME001\nTask<Old> G(Old a);\n#pragma warning restore\n }")]
    [InlineData("attributes of nullability", "[Alpn(\"a/1\")] public partial interface IC { Task Set([System.Diagnostics.CodeAnalysis.AllowNull] string name, [System.Diagnostics.CodeAnalysis.NotNull] string? other); [return: System.Diagnostics.CodeAnalysis.MaybeNull] Task<string> Get([System.Diagnostics.CodeAnalysis.DisallowNull] string? a); [return: System.Diagnostics.CodeAnalysis.NotNull] IAsyncEnumerable<string> All(); }")]
    [InlineData("bases that differ in nullability", "public interface ILeft { Task<string?> P(string a); } public interface IRight { Task<string> P(string? a); } [Alpn(\"a/1\")] public partial interface IC : ILeft, IRight;")]
    [InlineData("a new declaration that differs in nullability", "public interface IBase { Task<string?> G(string a); } [Alpn(\"a/1\")] public partial interface IC : IBase { new Task<string> G(string? a); }")]
    [InlineData("one base with two nullabilities", "public interface IB<T> { Task<T> F(T a); } public interface ILeft : IB<string>; public interface IRight : IB<string?>; \n#pragma warning disable CS8645\n[Alpn(\"a/1\")] public partial interface IC : ILeft, IRight;\n#pragma warning restore")]
    [InlineData("a base without annotations", "#nullable disable\npublic interface ILeft { Task<string> P(string a); }\n#nullable enable\npublic interface IRight { Task<string?> P(string? a); } [Alpn(\"a/1\")] public partial interface IC : ILeft, IRight;")]
    [InlineData("keys that may be null", "[Alpn(\"a/1\")] public partial interface IC { Task F(IGrouping<string?, int> a, ILookup<string?, int> b); \n#pragma warning disable CS8714\nTask G(Dictionary<int?, string> a, IReadOnlyDictionary<string?, int> b);\n#pragma warning restore\n }")]
    [InlineData("a version that XML cannot hold", "[Alpn(\"x/\\uFFFF\"), Alpn(\"x/1\")] public partial interface IC { [Since(\"x/\\uFFFF\")] Task F(); }")]
    [InlineData("a nested interface, an abstract class and a contract", "[Alpn(\"a/1\")] public partial interface IC { Task F(); interface IOptions { int X { get; } } public abstract class Base { public abstract int Y { get; } } public delegate void D(); [Alpn(\"b/1\")] partial interface IInner { Task<IC> G(IInner self); } }")]
    [InlineData("two constructions of a base, one of them with a name of its own", "public interface IIndex<T> { Task AddAsync(T item); } [Alpn(\"a/1\")] public partial interface IC : IIndex<int>, IIndex<string> { [WireName(\"AddText\")] new Task AddAsync(string item); }")]
    [InlineData("a generic union", "[MemoryPackable, MemoryPackUnion(0, typeof(Ok<>)), MemoryPackUnion(1, typeof(Failed<>))] public partial interface IResult<T>; [MemoryPackable] public partial record Ok<T>(T Value) : IResult<T>; [MemoryPackable] public partial record Failed<T>(string Why) : IResult<T>; [Alpn(\"a/1\")] public partial interface IC { Task<IResult<string>> F(IResult<List<int>>? a); }")]
    [InlineData("members and constants", "[Alpn(\"a/1\")] public partial interface IC { Task IC(); const int X = 1; static int Y => X; Task F(int IC); }", "CS0542")]
    [InlineData("default values", "[Alpn(\"a/1\")] public partial interface IC { Task F(decimal a = 1.5m, DateTime b = default, [System.Runtime.CompilerServices.CallerMemberName] string c = \"\", [System.Runtime.CompilerServices.CallerArgumentExpression(\"a\")] string d = \"\"); }")]
    [InlineData("params and attributes", "[AttributeUsage(AttributeTargets.All)] public class A : Attribute; [A, Alpn(\"a/1\")] public partial interface IC { [A, System.Diagnostics.Conditional(\"X\")] void F([A] params ReadOnlyMemory<int>[] a); [return: A] Task<int> G<[A] T>(); }", "CS0629", "IROHRPC005", "CS0578", "CS0582")]
    [InlineData("namespaces called as what generated code uses", "namespace System.IrohRpc.CompilerServices { public class CallBuffer; } namespace Global.MemoryPack { [global::IrohRpc.Alpn(\"a/1\")] public partial interface IC { global::System.Threading.Tasks.Task<int> F(int a); } } namespace IrohRpc.MemoryPack.System { [global::IrohRpc.Alpn(\"b/1\")] public partial interface ID { global::System.Threading.Tasks.Task<string> F(string a); } }")]
    [InlineData("a body that is taken away again", "public interface IBase { Task F(CancellationToken t) => Task.CompletedTask; Task H(CancellationToken t) => Task.CompletedTask; } public interface IMiddle : IBase { abstract Task IBase.H(CancellationToken t); } [Alpn(\"a/1\")] public partial interface IC : IMiddle { abstract Task IBase.F(CancellationToken t); Task G(CancellationToken t); }")]
    [InlineData("a body for what a base leaves open", "public interface IBase { Task F(CancellationToken t); } [Alpn(\"a/1\")] public partial interface IC : IBase { Task IBase.F(CancellationToken t) => G(t); Task G(CancellationToken t); }")]
    [InlineData("members of contracts' arguments", "[Alpn(\"a/1\")] public partial interface IC { Task Argument0(int Argument0, int Argument1, string Call_Argument0); Task Call_Argument0(int target, int context, int cancellationToken, int result, int map, int index, int value); Task Get(int Get); Task Set(int Set); Task InvokeAsync(int InvokeAsync); Task TryMapItems(IAsyncEnumerable<int> TryMapItems); Task Map(IAsyncEnumerable<int> Map); }")]
    [InlineData("constants and types called as nested types", "[Alpn(\"a/1\")] public partial interface IC { const int Proxy = 1; enum Shapes { A } class Dispatcher; delegate void Descriptors(); static int Arguments => 1; record Intercepted(int A); Task F(string a); }")]
    [InlineData("discards as names", "[Alpn(\"a/1\")] public partial interface IC { Task<string> G(string _, List<int> __); IAsyncEnumerable<int> H(IAsyncEnumerable<string> _, IProgress<int> __); }")]
    [InlineData("attributes for trimming", "[Alpn(\"a/1\")] public partial interface IC { [System.Diagnostics.CodeAnalysis.RequiresUnreferencedCode(\"x\"), System.Diagnostics.CodeAnalysis.RequiresDynamicCode(\"x\")] Task F([System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.All)] string a, CancellationToken t); [System.Runtime.Versioning.SupportedOSPlatform(\"windows\"), System.Runtime.CompilerServices.OverloadResolutionPriority(1)] Task G(string a, CancellationToken t); }")]
    [InlineData("nested bases that differ in nullability", "public interface IA { IAsyncEnumerable<string?> F(IProgress<string> a, IAsyncEnumerable<string?> b); Task<Dictionary<string, string?>> G(List<string?> a); } public interface IB { IAsyncEnumerable<string> F(IProgress<string?>? a, IAsyncEnumerable<string> b); Task<Dictionary<string, string>> G(List<string> a); } [Alpn(\"a/1\")] public partial interface IC : IA, IB;")]
    [InlineData("private types in values", "public partial class Outer { private struct P { public bool A; public long B; public P(bool a, long b) { A = a; B = b; } } private enum E { A } [MemoryPackable] private partial record R(P A, E B, List<P> C); [Alpn(\"a/1\"), Fault<R>] private partial interface IC { Task<R> F(P[] a, E b, Dictionary<E, P> c); } }")]
    [InlineData("constraints of types", "[MemoryPackable] public partial class N<T, U> where T : notnull, IComparable<T> where U : unmanaged, Enum { [MemoryPackInclude] private N<T, U>? _next; public Dictionary<T, U>? V { get; set; } public bool Q() => _next is null; } public enum E { A } [Alpn(\"a/1\")] public partial interface IC { Task F(N<string, E> b, List<N<Guid, DayOfWeek>> c); }")]
    [InlineData("metadata of interceptors", "public enum Level { A = 1 } [AttributeUsage(AttributeTargets.All, AllowMultiple = true)] public class PolicyAttribute(string n, params Type[] t) : RpcMetadataAttribute { public Level L { get; set; } public string?[]? S { get; set; } public object? O; public float F; public string N => n; public Type[] T => t; } [Policy(\"a\\u2028\", typeof(List<>), typeof(int?), L = (Level)(-7), S = new[] { \"x\", null })] [Alpn(\"a/1\")] public partial interface IC { [Policy(\"x\", O = new object[] { 1, \"a\", typeof(void), Level.A, 'c', (byte)3, double.NaN, null! }, F = float.NegativeInfinity)] Task F([Policy(\"p\", O = ulong.MaxValue)] int a, [Policy(\"q\", O = long.MinValue)] int b); }")]
    public async Task A_contract_breaks_no_build(string what, string source, params string[] except)
    {
        Assert.NotEmpty(what);
        ContractProject project = ContractProject.Contract(source);
        await AssertNothingInGeneratedCodeAsync(project);
        string[] errors = [.. project.Compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && !except.Contains(diagnostic.Id)).Select(diagnostic => diagnostic.ToString())];
        Assert.True(errors.Length == 0, string.Join('\n', errors.Take(5)));
        if (except.Length == 0)
        {
            Assert.NotEmpty(project.Generated);
            Assert.DoesNotContain(await project.AnalyzerDiagnosticsAsync(), diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        }
    }

    /// <summary>The errors are those that the compiler, MemoryPack or IrohRpc report where the mistake stands.</summary>
    [Theory]
    [InlineData("a contract that another one passes", "[Alpn(\"a/1\")] public partial interface IBad { int F(); } [Alpn(\"b/1\")] public partial interface IGood { Task F(IBad a); Task<IBad?> G(); } [Alpn(\"c/1\")] public partial interface IBetter { Task F(IGood a); }", "IROHRPC008")]
    [InlineData("a generic contract that another one passes", "[Alpn(\"a/1\")] public partial interface IBad<T> { Task F(); } [Alpn(\"b/1\")] public partial interface IGood { Task F(IBad<int> a); }", "IROHRPC004")]
    [InlineData("a contract that is not partial", "[Alpn(\"a/1\")] public interface IBad { Task F(); } [Alpn(\"b/1\")] public partial interface IGood { Task F(IBad a); }", "IROHRPC001")]
    [InlineData("contracts that pass each other", "[Alpn(\"a/1\")] public partial interface IBad { int F(); Task G(IGood a); } [Alpn(\"b/1\")] public partial interface IGood { Task F(IBad a); }", "IROHRPC008")]
    [InlineData("an inherited contract", "[Alpn(\"a/1\")] public partial interface IBad { int F(); } [Alpn(\"a/2\")] public partial interface IGood : IBad { Task G(); }", "IROHRPC008")]
    [InlineData("a type that is not there", "[Alpn(\"a/1\")] public partial interface IC { Task F(Missing a); Task<List<Missing>> G(); }", "CS0246")]
    [InlineData("a type that is not partial", "[MemoryPackable] public class P { public int A { get; set; } } [Alpn(\"a/1\")] public partial interface IC { Task F(P a, List<P> b); Task<P?> G(); }", "MEMPACK001")]
    [InlineData("a type with two constructors", "[MemoryPackable] public partial class P { public int A { get; set; } public P() { } public P(int a) => A = a; } [Alpn(\"a/1\")] public partial interface IC { Task F(P a); }", "MEMPACK004")]
    [InlineData("a type with one number for two", "[MemoryPackable(GenerateType.VersionTolerant)] public partial class P { [MemoryPackOrder(0)] public int A { get; set; } [MemoryPackOrder(0)] public int B { get; set; } } [Alpn(\"a/1\")] public partial interface IC { Task F(P a); }", "MEMPACK038")]
    [InlineData("a type without a number", "[MemoryPackable(GenerateType.VersionTolerant)] public partial class P { [MemoryPackOrder(0)] public int A { get; set; } public int B { get; set; } } [Alpn(\"a/1\")] public partial interface IC { Task F(P a); }", "MEMPACK025")]
    [InlineData("a constructor without its member", "[MemoryPackable] public partial class P(int b) { public int A { get; set; } = b; } [Alpn(\"a/1\")] public partial interface IC { Task F(P a); }", "MEMPACK006")]
    [InlineData("a type within one that is not partial", "public class Outer { [MemoryPackable] public partial class P { public int A { get; set; } } } [Alpn(\"a/1\")] public partial interface IC { Task F(Outer.P a); }", "MEMPACK042")]
    [InlineData("a union of the concrete", "[MemoryPackable, MemoryPackUnion(0, typeof(D))] public partial class P; [MemoryPackable] public partial class D : P; [Alpn(\"a/1\")] public partial interface IC { Task F(P a); }", "MEMPACK011", "MEMPACK039")]
    [InlineData("a union with one tag for two", "[MemoryPackable, MemoryPackUnion(0, typeof(D)), MemoryPackUnion(0, typeof(E))] public partial interface IP; [MemoryPackable] public partial class D : IP; [MemoryPackable] public partial class E : IP; [Alpn(\"a/1\")] public partial interface IC { Task F(IP a); }", "MEMPACK012")]
    [InlineData("a union of others", "[MemoryPackable, MemoryPackUnion(0, typeof(D))] public partial interface IP; [MemoryPackable] public partial class D; [Alpn(\"a/1\")] public partial interface IC { Task F(IP a); }", "MEMPACK013")]
    [InlineData("a collection without a constructor", "[MemoryPackable(GenerateType.Collection)] public partial class P : List<int> { public P(int a) : base(a) { } } [Alpn(\"a/1\")] public partial interface IC { Task F(P a); }", "MEMPACK024")]
    [InlineData("a collection that is none", "[MemoryPackable(GenerateType.Collection)] public partial class P { public int A; } [Alpn(\"a/1\")] public partial interface IC { Task F(P a); }", "MEMPACK023")]
    [InlineData("an abstract type that is no union", "[MemoryPackable] public abstract partial class P { public int A { get; set; } } [Alpn(\"a/1\")] public partial interface IC { Task F(P a); }", "MEMPACK003")]
    [InlineData("a read-only field", "[MemoryPackable] public partial class P { public readonly int A; } [Alpn(\"a/1\")] public partial interface IC { Task F(P a); }", "MEMPACK037")]
    [InlineData("a static member without a body", "[Alpn(\"a/1\")] public partial interface IC { static abstract int X { get; } Task G(CancellationToken t); }", "IROHRPC006")]
    [InlineData("an operator without a body", "public interface IBase<T> where T : IBase<T> { static abstract T operator +(T a, T b); } [Alpn(\"a/1\")] public partial interface IC : IBase<IC> { Task G(CancellationToken t); }", "IROHRPC006", "CS8920")]
    [InlineData("an argument that breaks a constraint", "[MemoryPackable] public partial class G<T> where T : struct { public T A; } public interface IAny; public struct Plain<T> where T : unmanaged, IAny { public T A; } [Alpn(\"a/1\")] public partial interface IC { Task A(G<string> a); Task B(List<Plain<int>[]> a); }", "CS0453", "CS0315")]
    [InlineData("a return type that is not there", "[Alpn(\"a/1\")] public partial interface IC { Missing F(); Task<Missing.Inner> G(); }", "CS0246")]
    [InlineData("one method twice", "[Alpn(\"a/1\")] public partial interface IC { Task F(int a); Task F(int b); }", "CS0111")]
    [InlineData("an ALPN that does not compile", "[Alpn(1)] public partial interface IC { Task F(int a); } [Alpn(\"x/1\" + Missing)] public partial interface ID { Task F(int a); }", "CS1503", "CS0103")]
    [InlineData("attributes that do not compile", "[Alpn(\"a/1\")] public partial interface IC { [Since(Missing)] Task F(int a); [WireName(3)] Task G(); [MessageLimit(\"x\")] Task H(); [Fault<Missing>] Task I(); }", "CS0103", "CS1503", "CS0246")]
    [InlineData("a callback with a parameter", "[MemoryPackable] public partial class P { public int A { get; set; } [MemoryPackOnSerializing] void Before(int a) { } } [Alpn(\"a/1\")] public partial interface IC { [Fault<P>] Task F(P a); }", "MEMPACK007")]
    [InlineData("a callback and two constructors", "[MemoryPackable] public partial class P { public int A { get; set; } public P() { } public P(int a) => A = a; [MemoryPackOnSerializing] static void Before<W>(ref MemoryPackWriter<W> writer, ref P? value) where W : System.Buffers.IBufferWriter<byte> { } } [Alpn(\"a/1\")] public partial interface IC { Task F(P a); }", "MEMPACK004")]
    [InlineData("a fault that is not partial", "[MemoryPackable] public class P { public int A { get; set; } } [Alpn(\"a/1\")] public partial interface IC { [Fault<P>] Task F(); }", "MEMPACK001")]
    [InlineData("a member that cannot be sent", "[MemoryPackable] public partial class P { public System.Action? A { get; set; } } [Alpn(\"a/1\")] public partial interface IC { Task F(int a); }", "MEMPACK018")]
    [InlineData("a contract within a type that is local to its file", "file partial class Outer { [Alpn(\"a/1\")] internal partial interface IC { Task F(); } }", "IROHRPC016")]
    public async Task One_error_is_not_followed_by_others(string what, string source, params string[] ids)
    {
        Assert.NotEmpty(what);
        ContractProject project = ContractProject.Contract(source);
        await AssertNothingInGeneratedCodeAsync(project);
        IEnumerable<Diagnostic> all = (await project.DiagnosticsAsync()).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

        // The compiler says them in no particular order.
        Assert.Equal(ids.Order(StringComparer.Ordinal), all.Select(diagnostic => diagnostic.Id).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_another_generator_makes_cannot_be_named_by_a_contract()
    {
        CSharpCompilation sources = ContractProject.Compile(ContractProject.Usings + "[Alpn(\"a/1\")] public partial interface IC { Task F(Made a, CancellationToken t); }");
        CSharpGeneratorDriver.Create(
            [new ContractGenerator().AsSourceGenerator(), new UnfinishedContractGenerator().AsSourceGenerator(), new Maker().AsSourceGenerator()],
            parseOptions: ContractProject.ParseOptions).RunGeneratorsAndUpdateCompilation(sources, out Compilation compilation, out _, TestContext.Current.CancellationToken);

        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        Diagnostic error = Assert.Single(await compilation.WithAnalyzers([new ContractAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken));
        Assert.Equal("IROHRPC041", error.Id);
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp11, "11.0")]
    [InlineData(LanguageVersion.CSharp9, "9.0")]
    [InlineData(LanguageVersion.CSharp7_3, "7.3")]
    public async Task An_older_language_is_told_so_and_nothing_else(LanguageVersion version, string name)
    {
        CSharpParseOptions options = ContractProject.ParseOptions.WithLanguageVersion(version);
        var sources = CSharpCompilation.Create(
            "Old",
            [CSharpSyntaxTree.ParseText("using System.Threading; using System.Threading.Tasks; using IrohRpc; namespace Old { [Alpn(\"a/1\")] public partial interface IC { Task<int> F(string a, CancellationToken t); } }", options, cancellationToken: TestContext.Current.CancellationToken)],
            References.All,
            ContractProject.Options.WithNullableContextOptions(NullableContextOptions.Disable));
        CSharpGeneratorDriver.Create(
            [new ContractGenerator().AsSourceGenerator(), new WireMembersGenerator().AsSourceGenerator(), new UnfinishedContractGenerator().AsSourceGenerator()],
            parseOptions: options).RunGeneratorsAndUpdateCompilation(sources, out Compilation compilation, out _, TestContext.Current.CancellationToken);

        Assert.Empty(compilation.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && diagnostic.Id != "CS1591"));
        Diagnostic error = Assert.Single(await compilation.WithAnalyzers([new ContractAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken));
        Assert.Equal(("IROHRPC029", true), (error.Id, error.GetMessage(null).Contains($"C# {name}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Types_behind_an_extern_alias_are_reached_by_it()
    {
        MetadataReference left = CompiledProject.Of("namespace Same; public struct Thing { public int A; } [MemoryPackable] public partial record Item(string A, Thing B); [Alpn(\"left/1\")] public partial interface IThing { Task F(); }", "Left")
            .ReferTo(ReferenceKind.Assembly).WithAliases(["Left"]);
        MetadataReference right = CompiledProject.Of("namespace Same; public struct Thing { public long A; } public struct Box<T> { public T A; }", "Right").ReferTo(ReferenceKind.Assembly).WithAliases(["Right"]);
        CSharpCompilation sources = ContractProject.Compile("extern alias Left; extern alias Right;\n" + ContractProject.Usings + """
            namespace Demo;
            [MemoryPackable] public partial record Both(Left::Same.Thing A) { public Right::Same.Thing B; }
            public interface IBase { [Fault<Left::Same.Item>] Task<Left::Same.Thing> FAsync(Right::Same.Thing a, List<Right::Same.Box<Left::Same.Thing?>> b, CancellationToken t); }
            [Alpn("a/1")] public partial interface IC : IBase { IAsyncEnumerable<Left::Same.Item?> GAsync(Left::Same.IThing a, IProgress<Right::Same.Thing> b, CancellationToken t); }
            """).AddReferences(left, right);
        var project = ContractProject.Of(sources);
        await AssertNothingInGeneratedCodeAsync(project);
        string contract = Assert.Single(project.Generated).Value;
        Assert.Contains("extern alias Left;\nextern alias Right;\n", contract, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_that_a_reference_has_as_well_is_that_of_the_source()
    {
        const string shared = "namespace Shared; public struct Thing { public int A; } [MemoryPackable] public partial record Item(string A); [Alpn(\"s/1\")] public partial interface IThing { Task F(Item a); }";
        MetadataReference compiled = CompiledProject.Of(shared).ReferTo(ReferenceKind.ReferenceAssembly);
        var project = ContractProject.Of(ContractProject.Compile(
            "#pragma warning disable CS0436\n" + ContractProject.Usings + shared,
            "#pragma warning disable CS0436\n" + ContractProject.Usings + "[Alpn(\"a/1\")] public partial interface IC { Task<Shared.Item> F(Shared.Thing a, List<Shared.Thing> b, Shared.IThing c); }").AddReferences(compiled));
        await AssertNothingInGeneratedCodeAsync(project);
        Assert.Equal(2, project.Generated.Count);
    }

    [Fact]
    public async Task Types_that_are_called_as_the_frameworks_are_what_they_are()
    {
        ContractProject project = ContractProject.Contract("""
            #pragma warning disable CS0436
            [Alpn("a/1")] public partial interface IC { Task F(System.Half a, System.Collections.Generic.Stack<int> b, CancellationToken t); }
            namespace System { public struct Half { public long A; } }
            namespace System.Collections.Generic { public struct Stack<T> { public T A; public byte B; } }
            """);
        await AssertNothingInGeneratedCodeAsync(project);
        Assert.Contains("(Half(A:i64),Stack<i32>(A:i32,B:u8))->void", Assert.Single(project.Generated).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_friend_may_inherit_internal_methods()
    {
        MetadataReference friend = CompiledProject.Of(
            "using System.Runtime.CompilerServices; [assembly: InternalsVisibleTo(\"Contracts\")] public interface IBase { internal Task F(int a); Task G(); internal Task<Hidden> H(Hidden a); } [MemoryPackable] internal partial record Hidden(int A);")
            .ReferTo(ReferenceKind.ReferenceAssembly);
        var project = ContractProject.Of(ContractProject.Compile(ContractProject.Usings + "[Alpn(\"a/1\")] public partial interface IC : IBase;").AddReferences(friend));
        await project.AssertCleanAsync();
        Assert.Contains("WireName = \"H\"", Assert.Single(project.Generated).Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contract_that_was_compiled_without_the_generator_is_refused()
    {
        MetadataReference library = CompiledProject.Of("[Alpn(\"o/1\")] public partial interface IOther { Task F(); }", withIrohRpc: false).ReferTo(ReferenceKind.Assembly);
        var project = ContractProject.Of(ContractProject.Compile(ContractProject.Usings + "[Alpn(\"a/1\")] public partial interface IC { Task F(IOther a, CancellationToken t); }").AddReferences(library));
        Diagnostic error = Assert.Single(await project.DiagnosticsAsync(), diagnostic => diagnostic.Id != "CS1591");
        Assert.Equal(("IROHRPC040", "'IOther' is compiled in 'Library', where IrohRpc's generator did not run, so 'F' cannot pass it; refer to IrohRpc in that project"), (error.Id, error.GetMessage(null)));
    }

    [Fact]
    public async Task An_assembly_that_complies_with_the_CLS_has_contracts()
    {
        ContractProject project = ContractProject.Contract("""
            [assembly: CLSCompliant(true)]
            [MemoryPackable] public partial record R(string A);
            [Alpn("a/2"), Alpn("a/1")] public partial interface IC { [Since("a/2"), Fault<R>] Task<R> FAsync(string a, List<R> b, IC c, CallContext? d = null, CancellationToken t = default); IAsyncEnumerable<int> GAsync(IProgress<string> a, CancellationToken t); }
            """);
        await project.AssertCleanAsync("CS3009", "CS3016");
    }

    /// <summary>Nothing of warning or error stands in a file of ours, nor is any generator down.</summary>
    internal static async Task AssertNothingInGeneratedCodeAsync(ContractProject project)
    {
        ImmutableArray<Diagnostic> all = await project.DiagnosticsAsync();
        string[] ours = [.. all.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning
            && (diagnostic.Id is "AD0001" or "CS8785" || (diagnostic.Location.SourceTree is { } tree && tree.FilePath.StartsWith("IrohRpc.", StringComparison.Ordinal))))
            .Select(diagnostic => $"{diagnostic}\n{diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line]}")];
        Assert.True(ours.Length == 0, string.Join('\n', ours.Take(5)));
    }

    /// <summary>Another generator, which makes a type that a contract names.</summary>
    private sealed class Maker : IIncrementalGenerator
    {
        public void Initialize(IncrementalGeneratorInitializationContext context)
            => context.RegisterSourceOutput(context.CompilationProvider, static (output, _) => output.AddSource("Made.g.cs", "public struct Made { public int A; }"));
    }
}
