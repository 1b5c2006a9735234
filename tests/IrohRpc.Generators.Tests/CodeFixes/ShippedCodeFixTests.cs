using IrohRpc.Generators.Tests.Compiling;
using IrohRpc.Generators.Tests.Shipped;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace IrohRpc.Generators.Tests.CodeFixes;

/// <summary>The mends of what differs from what shipped: in the source, in another file of it, and in the shipped file.</summary>
public class ShippedCodeFixTests
{
    private const string F = "    void F(int a);\n";
    private const string G = "    void G();\n";

    [Fact]
    public Task A_new_method_gets_the_next_version()
        => AssertFixAsync(
            new AddVersionCodeFix(),
            Contract("[Alpn(\"c/1\")]", F),
            Contract("[Alpn(\"c/1\")]", F + "\n    /// <summary>New.</summary>\n" + G),
            Contract("[Alpn(\"c/2\"), Alpn(\"c/1\")]", F + "\n    /// <summary>New.</summary>\n    [Since(\"c/2\")]\n" + G),
            "IROHRPC031");

    [Fact]
    public Task A_new_method_gets_the_version_that_has_not_shipped_yet()
        => AssertFixAsync(
            new AddVersionCodeFix(),
            Contract("[Alpn(\"c/1\")]", F),
            Contract("[Alpn(\"c/1.1\")]\n[Alpn(\"c/1\")]", F + G),
            Contract("[Alpn(\"c/1.1\")]\n[Alpn(\"c/1\")]", F + "    [Since(\"c/1.1\")]\n" + G),
            "IROHRPC031");

    [Fact]
    public Task A_new_method_of_a_version_that_has_shipped_gets_a_younger_one()
        => AssertFixAsync(
            new AddVersionCodeFix(),
            Contract("[Alpn(\"c/9\"), Alpn(\"c/8\")]", F),
            Contract("[Alpn(\"c/9\"), Alpn(\"c/8\")]", F + "    [Idempotent, Since(\"c/9\")]\n" + G),
            Contract("[Alpn(\"c/10\"), Alpn(\"c/9\"), Alpn(\"c/8\")]", F + "    [Idempotent, Since(\"c/10\")]\n" + G),
            "IROHRPC031");

    [Fact]
    public async Task A_new_method_may_stand_in_another_file_than_the_contract()
    {
        string contract = "[IrohRpc.AlpnAttribute(\"c/1\")]\npublic partial interface IC : IBase;\n";
        string[] mended = (await FixAsync(
            new AddVersionCodeFix(),
            ShippedProject.Record($"public interface IBase {{ {F} }}\n{contract}"),
            "public interface IBase\n{\n" + F + G + "}\n",
            contract))!;
        Assert.Equal(
            ["public interface IBase\n{\n" + F + "    [Since(\"c/2\")]\n" + G + "}\n", contract.Replace("[", "[IrohRpc.AlpnAttribute(\"c/2\"), ", StringComparison.Ordinal), ""],
            mended.Select((text, index) => index < 2 ? text : ""));
    }

    [Theory]
    [InlineData("    void Renamed(int a);\n", "    [WireName(\"F\")]\n    void Renamed(int a);\n")]
    [InlineData("    [WireName(\"New\"), Idempotent]\n    void F(int a);\n", "    [WireName(\"F\"), Idempotent]\n    void F(int a);\n")]
    public Task A_renamed_method_keeps_its_name_on_the_wire(string before, string after)
        => AssertFixAsync(new KeepWireNameCodeFix(), Contract("[Alpn(\"c/1\")]", F), Contract("[Alpn(\"c/1\")]", before), Contract("[Alpn(\"c/1\")]", after));

    [Fact]
    public Task A_method_that_was_renamed_to_something_unusual_keeps_even_that()
        => AssertFixAsync(
            new KeepWireNameCodeFix(),
            Contract("[Alpn(\"c/1\")]", "    [WireName(\"Two:words\")]\n" + F),
            Contract("[Alpn(\"c/1\")]", F),
            Contract("[Alpn(\"c/1\")]", "    [WireName(\"Two:words\")]\n" + F));

    [Theory]
    [InlineData("    void F(long a);\n    [Since(\"c/2\")]\n    void G();\n", "    void F(long a);\n    void G();\n", "")]
    [InlineData("    [Since(\"c/2\"), Idempotent]\n    void G();\n", "    [Idempotent]\n    void G();\n", "")]
    [InlineData("    void F(int a);\n    void G();\n    void H(P p);\n", "    void F(int a);\n    void G();\n    void H(P p);\n", "\n[MemoryPackable] public partial record P(long X);\n")]
    public async Task A_contract_that_breaks_becomes_the_next_version_alone(string before, string after, string types)
    {
        string shipped = ShippedProject.Record(Contract(
            "[Alpn(\"c/2\"), Alpn(\"c/1\")]", F + "    [Since(\"c/2\")]" + G + (types.Length > 0 ? "    void H(P p);\n" : "")) + types.Replace("long", "int", StringComparison.Ordinal));
        string? mended = (await FixAsync(new BreakOnPurposeCodeFix(), shipped, Contract("[Alpn(\"c/2\"), Alpn(\"c/1\")]", before) + types))?[0];
        Assert.Equal(Contract("[Alpn(\"c/3\")]", after) + types, mended);
        Assert.Equal(
            ["IROHRPC031", "IROHRPC037", "IROHRPC037"],
            (await ShippedProject.CheckAsync(mended!, shipped)).Select(diagnostic => diagnostic.Id).Order());
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task A_version_is_marked_as_retired(string lineEnd)
    {
        string shipped = ShippedProject.Record(Contract("[Alpn(\"c/2\"), Alpn(\"c/1\")]", F)).Replace("\n", lineEnd, StringComparison.Ordinal);
        string source = Contract("[Alpn(\"c/2\")]", F);
        string mended = (await FixAsync(new MarkAsRetiredCodeFix(), shipped, source))![^1];
        Assert.Equal(shipped.Replace("alpn c/1", "alpn c/1 retired", StringComparison.Ordinal), mended);
        Assert.Empty(await ShippedProject.CheckAsync(source, mended));
    }

    [Fact]
    public async Task A_contract_that_is_gone_is_marked_as_retired_from_within_the_file()
    {
        string shipped = ShippedProject.Record(Contract("[Alpn(\"c/1\")]", F));
        string mended = (await FixAsync(new MarkAsRetiredCodeFix(), shipped, "public class Nothing;"))![^1];
        Assert.Equal(shipped.Replace("alpn c/1", "alpn c/1 retired", StringComparison.Ordinal), mended);
    }

    private static string Contract(string alpns, string methods) => $"{alpns}\npublic partial interface IC\n{{\n{methods}}}\n";

    private static async Task AssertFixAsync(CodeFixProvider fix, string shipped, string before, string after, params string[] remaining)
    {
        string record = ShippedProject.Record(shipped);
        Assert.Equal(after, (await FixAsync(fix, record, before))?[0]);
        Assert.Equal(remaining, (await ShippedProject.CheckAsync(after, record)).Select(diagnostic => diagnostic.Id));
    }

    /// <summary>The sources and the shipped file after the fix, or null where it offers nothing.</summary>
    private static async Task<string[]?> FixAsync(CodeFixProvider fix, string shipped, params string[] sources)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using var workspace = new AdhocWorkspace();
        Project project = workspace.AddProject("Contracts", LanguageNames.CSharp)
            .WithCompilationOptions(ContractProject.Options)
            .WithParseOptions(new CSharpParseOptions(LanguageVersion.Preview))
            .AddMetadataReferences(References.All)
            .AddAdditionalDocument(ShippedText.FileName, SourceText.From(shipped), filePath: ShippedProject.FilePath).Project;
        foreach (string source in sources)
        {
            project = project.AddDocument($"Source{project.DocumentIds.Count}.cs", SourceText.From(ContractProject.Usings + source)).Project;
        }

        Compilation compilation = (await project.GetCompilationAsync(cancellationToken))!;
        Diagnostic diagnostic = (await compilation.WithAnalyzers([new ShippedAnalyzer()], project.AnalyzerOptions).GetAnalyzerDiagnosticsAsync(cancellationToken))
            .First(candidate => fix.FixableDiagnosticIds.Contains(candidate.Id));
        TextDocument document = project.GetDocument(diagnostic.Location.SourceTree) ?? project.AdditionalDocuments.Single();
        CodeAction? action = null;
        await fix.RegisterCodeFixesAsync(new CodeFixContext(document, diagnostic, (registered, _) => action = registered, cancellationToken));
        if (action is null)
        {
            return null;
        }

        Solution changed = (await action.GetOperationsAsync(cancellationToken)).OfType<ApplyChangesOperation>().Single().ChangedSolution;
        var texts = new List<string>();
        foreach (TextDocument mended in changed.GetProject(project.Id)!.Documents.Concat(changed.GetProject(project.Id)!.AdditionalDocuments))
        {
            string text = (await mended.GetTextAsync(cancellationToken)).ToString();
            texts.Add(text.StartsWith(ContractProject.Usings, StringComparison.Ordinal) ? text[ContractProject.Usings.Length..] : text);
        }

        return [.. texts];
    }
}
