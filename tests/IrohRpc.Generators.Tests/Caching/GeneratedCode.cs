using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Generators.Tests.Caching;

/// <summary>What our generator makes of a compilation, by file: with all that it remembers, and without.</summary>
internal static class GeneratedCode
{
    /// <summary>A driver for our generator alone.</summary>
    public static GeneratorDriver NewDriver()
        => CSharpGeneratorDriver.Create([new ContractGenerator().AsSourceGenerator()], parseOptions: ContractProject.ParseOptions);

    /// <summary>After a run on another compilation.</summary>
    public static IReadOnlyDictionary<string, string> OnceMore(CSharpCompilation before, CSharpCompilation after)
        => Of(NewDriver().RunGenerators(before, TestContext.Current.CancellationToken).RunGenerators(after, TestContext.Current.CancellationToken));

    /// <summary>With every file read for the first time, so that nothing can be known of any.</summary>
    public static IReadOnlyDictionary<string, string> FromScratch(CSharpCompilation compilation)
        => Of(NewDriver().RunGenerators(
            compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(compilation.SyntaxTrees.Select(tree => ContractProject.Parse(tree.ToString(), tree.FilePath))),
            TestContext.Current.CancellationToken));

    public static IReadOnlyDictionary<string, string> Of(GeneratorDriver driver)
        => driver.GetRunResult().Results.Single().GeneratedSources
            .ToDictionary(source => source.HintName, source => source.SourceText.ToString());
}
