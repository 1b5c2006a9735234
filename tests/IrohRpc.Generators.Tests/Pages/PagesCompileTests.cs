using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests.Pages;

/// <summary>What the pages show compiles without a warning.</summary>
public class PagesCompileTests
{
    public static TheoryData<int> LinesOfContractsPage => [.. CodeBlock.Of("docs/contracts.md").Select(block => block.Line)];

    [Theory]
    [MemberData(nameof(LinesOfContractsPage))]
    public async Task Block_of_the_contracts_page_compiles_with_those_before_it(int line)
    {
        var page = new ContractsPage();
        foreach (CodeBlock block in CodeBlock.Of("docs/contracts.md").Where(block => block.Line <= line))
        {
            page.Add(block.Text);
        }

        var project = ContractProject.Of(page.Sources());
        await project.AssertCleanAsync();
        Assert.NotEmpty(project.Generated);
    }

    [Fact]
    public async Task Example_of_the_readme_compiles()
    {
        CodeBlock example = Assert.Single(CodeBlock.Of("README.md"));
        var project = ContractProject.Of(ContractProject.Compile(ContractsPage.ConsoleUsings, example.Text)
            .WithOptions(ContractProject.Options.WithOutputKind(OutputKind.ConsoleApplication)));
        await project.AssertCleanAsync();
        Assert.Single(project.Generated);
    }
}
