using System.Collections.Immutable;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace IrohRpc.Generators.Tests.CodeFixes;

/// <summary>A code fix writes what a person would have written, and mends what it says it mends.</summary>
public class CodeFixTests
{
    [Theory]
    [InlineData(
        "[Alpn(\"a/1\")]\npublic interface IC\n{\n    void F();\n}\n",
        "[Alpn(\"a/1\")]\npublic partial interface IC\n{\n    void F();\n}\n")]
    [InlineData(
        "// A comment.\ninterface IC : IBase;\n\ninterface IBase;\n",
        "// A comment.\npartial interface IC : IBase;\n\ninterface IBase;\n",
        "[Alpn(\"a/1\")]\n")]
    [InlineData(
        "public static class Outer\n{\n    internal class Inner\n    {\n        [Alpn(\"a/1\")]\n        public partial interface IC { void F(); }\n    }\n}\n",
        "public static partial class Outer\n{\n    internal partial class Inner\n    {\n        [Alpn(\"a/1\")]\n        public partial interface IC { void F(); }\n    }\n}\n")]
    public Task Makes_a_contract_and_what_is_around_it_partial(string before, string after, string attribute = "")
        => AssertFixAsync(new MakePartialCodeFix(), "IROHRPC001", attribute + before, attribute + after);

    [Theory]
    [InlineData("Task FAsync();", "Task FAsync(CancellationToken cancellationToken = default);")]
    [InlineData("Task FAsync(int a, string b = \"x\");", "Task FAsync(int a, string b = \"x\", CancellationToken cancellationToken = default);")]
    public Task Adds_a_cancellation_token(string before, string after)
        => AssertFixAsync(new AddCancellationTokenCodeFix(), "IROHRPC050", Contract(before), Contract(after));

    [Fact]
    public async Task Adds_no_cancellation_token_behind_params()
        => Assert.Null(await FixAsync(new AddCancellationTokenCodeFix(), "IROHRPC050", Contract("Task FAsync(params int[] a);")));

    [Theory]
    [InlineData("Task F(CancellationToken t, int a);", "Task F(int a, CancellationToken t);")]
    [InlineData("Task F(int a, CancellationToken t, int b = 3);", "Task F(int a, int b = 3, CancellationToken t = default);")]
    [InlineData("Task F(\n        CancellationToken t,\n        int a,\n        int b);", "Task F(\n        int a,\n        int b,\n        CancellationToken t);")]
    public Task Moves_the_cancellation_token_last(string before, string after)
        => AssertFixAsync(new MoveCancellationTokenCodeFix(), "IROHRPC011", Contract(before), Contract(after));

    [Fact]
    public Task Names_an_overload_on_the_wire()
        => AssertFixAsync(
            new AddWireNameCodeFix(),
            "IROHRPC010",
            Contract("Task FAsync(CancellationToken t);\n\n    /// <summary>Another.</summary>\n    Task FAsync(int id, CancellationToken t);"),
            Contract("Task FAsync(CancellationToken t);\n\n    /// <summary>Another.</summary>\n    [WireName(\"FId\")]\n    Task FAsync(int id, CancellationToken t);"));

    [Theory]
    [InlineData("public class P\n{\n    public int A { get; set; }\n}\n", "[MemoryPackable]\npublic partial class P\n{\n    public int A { get; set; }\n}\n", "P")]
    [InlineData("/// <summary>A value.</summary>\npublic record P(int A);\n", "/// <summary>A value.</summary>\n[MemoryPackable]\npublic partial record P(int A);\n", "List<P>")]
    [InlineData("public static class Outer\n{\n    public class P;\n}\n", "public static partial class Outer\n{\n    [MemoryPackable]\n    public partial class P;\n}\n", "Outer.P")]
    [InlineData("[MemoryPackable] public partial record R(P Inner);\npublic struct P\n{\n    public string A;\n}\n", "[MemoryPackable] public partial record R(P Inner);\n[MemoryPackable]\npublic partial struct P\n{\n    public string A;\n}\n", "R")]
    public Task Makes_a_type_serializable(string before, string after, string parameter)
    {
        string contract = "\n" + Contract($"Task F({parameter} a, CancellationToken t);");
        return AssertFixAsync(new MakePackableCodeFix(), "IROHRPC009", before + contract, after + contract);
    }

    [Fact]
    public async Task Offers_nothing_for_a_type_of_another_assembly()
        => Assert.Null(await FixAsync(new MakePackableCodeFix(), "IROHRPC009", Contract("Task F(Exception a, CancellationToken t);")));

    [Theory]
    [InlineData("Task F(nint a, CancellationToken t);", "Task F(long a, CancellationToken t);")]
    [InlineData("Task F(List<nuint>? a, CancellationToken t);", "Task F(List<ulong>? a, CancellationToken t);")]
    [InlineData("Task<(IntPtr, int)> F(CancellationToken t);", "Task<(long, int)> F(CancellationToken t);")]
    public Task Takes_a_number_of_the_same_size_everywhere(string before, string after)
        => AssertFixAsync(new TakeFixedSizeCodeFix(), "IROHRPC027", Contract(before), Contract(after));

    [Theory]
    [InlineData("Task F(CancellationToken t) => Task.CompletedTask;", "sealed Task F(CancellationToken t) => Task.CompletedTask;")]
    [InlineData("/// <summary>One.</summary>\n    int One => 1;", "/// <summary>One.</summary>\n    sealed int One => 1;")]
    [InlineData("[Obsolete]\n    // First.\n    public virtual int One() => 1;", "[Obsolete]\n    // First.\n    sealed public int One() => 1;")]
    public Task Says_that_a_body_is_meant(string before, string after)
        => AssertFixAsync(new SealBodyCodeFix(), "IROHRPC042", Contract(before), Contract(after));

    [Theory]
    [InlineData("r.Map<Service>(new Service())", "r.Map<IC>(new Service())")]
    [InlineData("r.Map(new Service())", "r.Map<IC>(new Service())")]
    public Task Names_the_contract_of_a_class(string before, string after)
        => AssertFixAsync(new NameContractCodeFix(), "IROHRPC043", Service($"object F(RouterBuilder r) => {before};"), Service($"object F(RouterBuilder r) => {after};"));

    [Theory]
    [InlineData("int F(IC c) => c.FAsync(default).Result;", "int F(IC c) => c.FAsync(default).AsTask().Result;")]
    [InlineData("int F(IC c) { ValueTask<int> t = c.FAsync(default); return t.GetAwaiter().GetResult(); }", "int F(IC c) { ValueTask<int> t = c.FAsync(default); return t.AsTask().GetAwaiter().GetResult(); }")]
    [InlineData("async Task<int> F(IC c) { await Task.Yield(); return c.FAsync(default).Result; }", "async Task<int> F(IC c) { await Task.Yield(); return await c.FAsync(default); }")]
    [InlineData("async Task<string> F(IC c) { await Task.Yield(); return c.FAsync(default).Result.ToString(); }", "async Task<string> F(IC c) { await Task.Yield(); return (await c.FAsync(default)).ToString(); }")]
    [InlineData("Func<Task<int>> F(IC c) => async () => c.FAsync(default).ConfigureAwait(false).GetAwaiter().GetResult() + await Task.FromResult(1);", "Func<Task<int>> F(IC c) => async () => (await c.FAsync(default).ConfigureAwait(false)) + await Task.FromResult(1);")]
    public Task Waits_for_a_call(string before, string after)
        => AssertFixAsync(new AwaitCallCodeFix(), "IROHRPC044", Service(before), Service(after));

    [Theory]
    [InlineData("[Since(\"b/2\")]\n    Task F(CancellationToken t);", "Task F(CancellationToken t);")]
    [InlineData("// Younger.\n    [Since(\"b/2\"), Idempotent]\n    Task F(CancellationToken t);", "// Younger.\n    [Idempotent]\n    Task F(CancellationToken t);")]
    public Task Takes_a_version_away_that_nobody_has(string before, string after)
        => AssertFixAsync(new RemoveSinceCodeFix(), "IROHRPC045", Base(before), Base(after));

    [Fact]
    public Task Gives_an_ALPN_to_what_looks_like_a_contract()
        => AssertFixAsync(
            new AddAlpnCodeFix(),
            "IROHRPC046",
            "/// <summary>Greets.</summary>\npublic partial interface IGreeter\n{\n    [Idempotent]\n    Task F(CancellationToken t);\n}\n",
            "/// <summary>Greets.</summary>\n[Alpn(\"greeter/1\")]\npublic partial interface IGreeter\n{\n    [Idempotent]\n    Task F(CancellationToken t);\n}\n");

    private static string Base(string method) => $"public interface IBase\n{{\n    {method}\n}}\n[Alpn(\"a/1\")]\npublic partial interface IC : IBase;\n";

    private static string Service(string method)
        => "[Alpn(\"a/1\")] public partial interface IC { ValueTask<int> FAsync(CancellationToken t); }\n"
            + $"public class Service : IC {{ public ValueTask<int> FAsync(CancellationToken t) => new(1); }}\npublic class Use {{ {method} }}\n";

    private static string Contract(string method) => $"[Alpn(\"a/1\")]\npublic partial interface IC\n{{\n    {method}\n}}\n";

    private static async Task AssertFixAsync(CodeFixProvider fix, string id, string before, string after)
    {
        string? actual = await FixAsync(fix, id, before);
        Assert.Equal(ContractProject.Usings + after, actual);

        ContractProject mended = ContractProject.Of(actual!);
        await mended.AssertCleanAsync("CS8618");
        Assert.DoesNotContain((await mended.AnalyzerDiagnosticsAsync()).Concat(await mended.UsageDiagnosticsAsync()), diagnostic => diagnostic.Id == id);
        Assert.NotEmpty(mended.Generated);
    }

    private static async Task<string?> FixAsync(CodeFixProvider fix, string id, string source)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using var workspace = new AdhocWorkspace();
        Document document = workspace.AddProject("Contracts", LanguageNames.CSharp)
            .WithCompilationOptions(new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary).WithNullableContextOptions(NullableContextOptions.Enable))
            .WithParseOptions(new CSharpParseOptions(LanguageVersion.Preview))
            .AddMetadataReferences(References.All)
            .AddDocument("Source.cs", SourceText.From(ContractProject.Usings + source));
        Compilation compilation = (await document.Project.GetCompilationAsync(cancellationToken))!;
        ImmutableArray<Diagnostic> diagnostics = await compilation.WithAnalyzers([new ContractAnalyzer(), new UsageAnalyzer()]).GetAnalyzerDiagnosticsAsync(cancellationToken);
        Diagnostic diagnostic = diagnostics.OrderByDescending(candidate => candidate.Location.SourceSpan.Start).First(candidate => candidate.Id == id);
        Assert.Contains(id, fix.FixableDiagnosticIds);

        CodeAction? action = null;
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (registered, _) => action = registered, cancellationToken));
        if (action is null)
        {
            return null;
        }

        ImmutableArray<CodeActionOperation> operations = await action.GetOperationsAsync(cancellationToken);
        Solution changed = operations.OfType<ApplyChangesOperation>().Single().ChangedSolution;
        return (await changed.GetDocument(document.Id)!.GetTextAsync(cancellationToken)).ToString();
    }
}
