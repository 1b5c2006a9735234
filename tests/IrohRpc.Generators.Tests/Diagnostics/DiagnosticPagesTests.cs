using System.Collections.Immutable;
using System.Text.RegularExpressions;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Tests.Diagnostics;

/// <summary>The pages under docs/diagnostics tell the truth: what they show as a mistake is one, and what they show as its mend mends it.</summary>
public partial class DiagnosticPagesTests
{
    private static readonly string Folder = Path.Combine(References.ProjectProperty("ProjectDirectory"), "..", "..", "docs", "diagnostics");

    public static TheoryData<string> Ids => [.. new ContractAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id).Except(WithSurroundings)];

    /// <summary>Mistakes that one project alone does not make.</summary>
    internal static readonly string[] WithSurroundings = ["IROHRPC028", "IROHRPC029", "IROHRPC040", "IROHRPC041"];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_page_shows_a_mistake_and_its_mend(string id)
    {
        DiagnosticDescriptor descriptor = new ContractAnalyzer().SupportedDiagnostics.Single(candidate => candidate.Id == id);
        Assert.Equal($"{HelpLinks.Base}{id}.md", descriptor.HelpLinkUri);
        string page = await File.ReadAllTextAsync(Path.Combine(Folder, id + ".md"), TestContext.Current.CancellationToken);
        string[] blocks = [.. CodeBlock().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", page, StringComparison.Ordinal);
        Assert.Equal(2, blocks.Length);

        Diagnostic mistake = Assert.Single(await ContractProject.Contract(blocks[0]).AnalyzerDiagnosticsAsync());
        Assert.Equal(id, mistake.Id);
        Assert.Contains("\n    " + mistake.GetMessage(null) + "\n", page, StringComparison.Ordinal);

        ContractProject mended = await ContractProject.AssertGeneratesAsync(blocks[1]);
        Assert.Empty(await mended.AnalyzerDiagnosticsAsync());
    }

    [Theory]
    [InlineData("IROHRPC028", "Accounts")]
    [InlineData("IROHRPC040", "Guests")]
    public async Task A_page_about_two_projects_shows_a_mistake_and_its_mend(string id, string library)
    {
        (string page, string[] blocks) = await ReadAsync(id);
        Assert.Equal(2, blocks.Length);
        foreach (bool mended in (bool[])[false, true])
        {
            MetadataReference other = CompiledProject.Of(blocks[0], library, withIrohRpc: mended).ReferTo(ReferenceKind.ReferenceAssembly);
            var project = ContractProject.Of(ContractProject.Compile(ContractProject.Usings + blocks[1]).AddReferences(other));
            AssertReported(id, mended ? 0 : 1, page, await project.AnalyzerDiagnosticsAsync());
        }
    }

    [Fact]
    public async Task The_page_about_the_language_shows_a_mistake_and_its_mend()
    {
        (string page, string[] blocks) = await ReadAsync("IROHRPC029");
        foreach (LanguageVersion version in (LanguageVersion[])[LanguageVersion.CSharp11, LanguageVersion.CSharp12])
        {
            var sources = CSharpCompilation.Create(
                "Contracts",
                [CSharpSyntaxTree.ParseText(ContractProject.Usings + blocks[0], ContractProject.ParseOptions.WithLanguageVersion(version), cancellationToken: TestContext.Current.CancellationToken)],
                References.All,
                ContractProject.Options);
            ImmutableArray<Diagnostic> diagnostics = await sources.WithAnalyzers([new ContractAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
            AssertReported("IROHRPC029", version == LanguageVersion.CSharp11 ? 1 : 0, page, diagnostics);
        }
    }

    [Fact]
    public async Task The_page_about_other_generators_shows_a_mistake_and_its_mend()
    {
        (string page, string[] blocks) = await ReadAsync("IROHRPC041");
        Compilation mistaken = ContractProject.Contract(blocks[0]).Compilation.AddSyntaxTrees(ContractProject.Parse("public struct Made { public int A; }", "Made.g.cs"));
        AssertReported("IROHRPC041", 1, page, await mistaken.WithAnalyzers([new ContractAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken));
        ContractProject mended = await ContractProject.AssertGeneratesAsync(blocks[1]);
        Assert.Empty(await mended.AnalyzerDiagnosticsAsync());
    }

    public static TheoryData<string> UsageIds => [.. new UsageAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id)];

    [Theory]
    [MemberData(nameof(UsageIds))]
    public async Task A_page_about_usage_shows_a_mistake_and_its_mend(string id)
    {
        (string page, string[] blocks) = await ReadAsync(id);
        Assert.Equal(2, blocks.Length);
        ImmutableArray<Diagnostic> reported = await ContractProject.Contract(blocks[0]).UsageDiagnosticsAsync();
        AssertReported(id, 1, page, [.. reported.Where(diagnostic => id != "IROHRPC051" || diagnostic.Id != "IROHRPC042")]);
        ContractProject mended = await ContractProject.AssertGeneratesAsync(blocks[1]);
        Assert.Empty(await mended.UsageDiagnosticsAsync());
        Assert.Empty(await mended.AnalyzerDiagnosticsAsync());
    }

    private static async Task<(string Page, string[] Blocks)> ReadAsync(string id)
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Folder, id + ".md"), TestContext.Current.CancellationToken);
        DiagnosticDescriptor descriptor = new ContractAnalyzer().SupportedDiagnostics.Concat(new UsageAnalyzer().SupportedDiagnostics).Single(candidate => candidate.Id == id);
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", page, StringComparison.Ordinal);
        return (page, [.. CodeBlock().Matches(page).Select(match => match.Groups[1].Value)]);
    }

    private static void AssertReported(string id, int count, string page, ImmutableArray<Diagnostic> diagnostics)
    {
        Assert.Equal(Enumerable.Repeat(id, count), diagnostics.Select(diagnostic => diagnostic.Id));
        Assert.All(diagnostics, diagnostic => Assert.Contains("\n    " + diagnostic.GetMessage(null) + "\n", page, StringComparison.Ordinal));
    }

    [Fact]
    public void Help_links_lead_to_the_pages_of_the_version_that_was_built()
    {
        string version = typeof(HelpLinks).Assembly.GetName().Version!.ToString(3);
        Assert.Matches($"^https://[^/]+/.+/blob/v{Regex.Escape(version)}[^/]*/docs/diagnostics/$", HelpLinks.Base);
    }

    [Fact]
    public async Task The_index_lists_every_page()
    {
        string index = await File.ReadAllTextAsync(Path.Combine(Folder, "README.md"), TestContext.Current.CancellationToken);
        DiagnosticDescriptor[] descriptors = [.. new ContractAnalyzer().SupportedDiagnostics, .. new UsageAnalyzer().SupportedDiagnostics, .. new ShippedAnalyzer().SupportedDiagnostics];
        foreach (DiagnosticDescriptor descriptor in descriptors)
        {
            string severity = descriptor.DefaultSeverity == DiagnosticSeverity.Info ? "hint" : descriptor.DefaultSeverity.ToString().ToLowerInvariant();
            Assert.True(Uri.TryCreate(descriptor.HelpLinkUri, UriKind.Absolute, out Uri? link) && link.Scheme == Uri.UriSchemeHttps, descriptor.HelpLinkUri);
            Assert.Contains($"| [{descriptor.Id}]({descriptor.Id}.md) | {descriptor.Title} | {severity} |", index, StringComparison.Ordinal);
        }

        Assert.Equal(descriptors.Length + 1, Directory.GetFiles(Folder, "*.md").Length);
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
