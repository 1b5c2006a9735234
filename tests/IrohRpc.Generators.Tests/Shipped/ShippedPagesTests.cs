using System.Text.RegularExpressions;
using IrohRpc.Generators.Tests.Compiling;
using IrohRpc.Generators.Tests.Pages;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>The pages of what is said about shipped contracts: with the file that they show, the mistake is one, and the mend mends it.</summary>
public partial class ShippedPagesTests
{
    private static readonly string Folder = Path.Combine(References.ProjectProperty("ProjectDirectory"), "..", "..", "docs", "diagnostics");

    public static TheoryData<string> Ids => [.. new ShippedAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id)];

    [Theory]
    [MemberData(nameof(Ids))]
    public async Task A_page_shows_a_mistake_and_its_mend(string id)
    {
        DiagnosticDescriptor descriptor = new ShippedAnalyzer().SupportedDiagnostics.Single(candidate => candidate.Id == id);
        Assert.Equal($"{HelpLinks.Base}{id}.md", descriptor.HelpLinkUri);
        string page = await File.ReadAllTextAsync(Path.Combine(Folder, id + ".md"), TestContext.Current.CancellationToken);
        Assert.StartsWith($"# {id}: {descriptor.Title}\n", page, StringComparison.Ordinal);
        string[] sections = page.Split("\n## ");
        Assert.Equal(3, sections.Length);

        string? shipped = Block(sections[1], "text");
        string source = Block(sections[1], "csharp")!;
        Diagnostic mistake = Assert.Single(await ShippedProject.CheckAsync(source, shipped));
        Assert.Equal(id, mistake.Id);
        Assert.Contains("\n    " + mistake.GetMessage(null) + "\n", page, StringComparison.Ordinal);

        // What is left to do is to record the mend.
        string mendedFile = Block(sections[2], "text") ?? shipped!;
        string mended = Block(sections[2], "csharp") ?? source;
        await ContractProject.AssertGeneratesAsync(mended);
        Assert.All(await ShippedProject.CheckAsync(mended, mendedFile), left => Assert.True(left.Id != id && left.Id == "IROHRPC031", left.ToString()));
        Assert.Empty(ShippedProject.TryRecord(mended, mendedFile).Refusals);
    }

    [Theory]
    [InlineData("V1")]
    [InlineData("V2")]
    public async Task A_sample_is_recorded_as_it_is(string build)
    {
        string folder = Path.Combine(Folder, "..", "..", "samples", "Versions", build);
        string recorded = await File.ReadAllTextAsync(Path.Combine(folder, ShippedText.FileName), TestContext.Current.CancellationToken);
        string source = await File.ReadAllTextAsync(Path.Combine(folder, "ILibrary.cs"), TestContext.Current.CancellationToken);
        ContractProject sample = ContractProject.Of(ContractsPage.ConsoleUsings, source);
        Assert.Empty(await ShippedProject.CheckAsync(sample.Compilation, recorded));
        Assert.Equal(recorded, ShippedRecord.Of(sample.Sources, ShippedFile.Parse(recorded.Split('\n')), TestContext.Current.CancellationToken).Text);
    }

    [Fact]
    public async Task The_page_about_the_file_shows_that_of_a_sample()
        => Assert.Contains(
            await File.ReadAllTextAsync(Path.Combine(Folder, "..", "..", "samples", "Versions", "V2", ShippedText.FileName), TestContext.Current.CancellationToken),
            await File.ReadAllTextAsync(Path.Combine(Folder, "..", "shipped-contracts.md"), TestContext.Current.CancellationToken),
            StringComparison.Ordinal);

    private static string? Block(string section, string language)
    {
        Match match = Fence().Matches(section).FirstOrDefault(candidate => candidate.Groups[1].Value == language)!;
        return match?.Groups[2].Value;
    }

    [GeneratedRegex("```([a-z]+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();
}
