using System.Text.RegularExpressions;
using IrohRpc.Generators.Diagnostics;
using IrohRpc.Generators.Shipped;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests.Diagnostics;

/// <summary>The pages under docs/diagnostics tell the truth: what they show as a mistake is one, and what they show as its mend mends it.</summary>
public partial class DiagnosticPagesTests
{
    private static readonly string Folder = Path.Combine(References.ProjectProperty("ProjectDirectory"), "..", "..", "docs", "diagnostics");

    public static TheoryData<string> Ids => [.. new ContractAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id).Except(["IROHRPC028"])];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_page_shows_a_mistake_and_its_mend(string id)
    {
        DiagnosticDescriptor descriptor = new ContractAnalyzer().SupportedDiagnostics.Single(candidate => candidate.Id == id);
        Assert.Equal($"docs/diagnostics/{id}.md", descriptor.HelpLinkUri);
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

    [Fact]
    public async Task The_page_of_what_a_compiled_project_hides_shows_a_mistake_and_its_mend()
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Folder, "IROHRPC028.md"), TestContext.Current.CancellationToken);
        string[] blocks = [.. CodeBlock().Matches(page).Select(match => match.Groups[1].Value)];
        Assert.Equal(2, blocks.Length);
        foreach (bool mended in (bool[])[false, true])
        {
            MetadataReference accounts = CompiledProject.Of(blocks[0], "Accounts", withIrohRpc: mended).ReferTo(ReferenceKind.ReferenceAssembly);
            var project = ContractProject.Of(ContractProject.Compile(ContractProject.Usings + blocks[1]).AddReferences(accounts));
            Diagnostic[] mistakes = [.. await project.AnalyzerDiagnosticsAsync()];
            Assert.Equal(mended ? [] : ["IROHRPC028"], mistakes.Select(diagnostic => diagnostic.Id));
            Assert.All(mistakes, mistake => Assert.Contains("\n    " + mistake.GetMessage(null) + "\n", page, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_index_lists_every_page()
    {
        string index = await File.ReadAllTextAsync(Path.Combine(Folder, "README.md"), TestContext.Current.CancellationToken);
        DiagnosticDescriptor[] descriptors = [.. new ContractAnalyzer().SupportedDiagnostics, .. new ShippedAnalyzer().SupportedDiagnostics];
        foreach (DiagnosticDescriptor descriptor in descriptors)
        {
            string severity = descriptor.DefaultSeverity == DiagnosticSeverity.Info ? "hint" : descriptor.DefaultSeverity.ToString().ToLowerInvariant();
            Assert.Contains($"| [{descriptor.Id}]({descriptor.Id}.md) | {descriptor.Title} | {severity} |", index, StringComparison.Ordinal);
        }

        Assert.Equal(descriptors.Length + 1, Directory.GetFiles(Folder, "*.md").Length);
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
