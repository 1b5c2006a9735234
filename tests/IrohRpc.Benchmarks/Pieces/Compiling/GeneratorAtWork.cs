using BenchmarkDotNet.Attributes;
using IrohRpc.Generators;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Benchmarks.Pieces.Compiling;

/// <summary>The generator on 200 contracts with 2,000 methods, as an editor runs it on every keystroke. Parsing is not counted but for the edited file.</summary>
[MemoryDiagnoser]
public class GeneratorAtWork
{
    private CSharpCompilation _project = null!;
    private GeneratorDriver _driver = null!;
    private int _edition;

    /// <summary>Runs the generator once, for those cases that start from there.</summary>
    [GlobalSetup(Targets = [nameof(EditElsewhere), nameof(EditOneContract)])]
    public void RunOnce()
    {
        _project = ManyContracts.Compile();
        _driver = NewDriver().RunGenerators(_project);
        Check(_driver);
    }

    /// <summary>The same project, but one that nothing is known of.</summary>
    [IterationSetup(Target = nameof(Cold))]
    public void Parse() => _project = ManyContracts.Compile();

    /// <summary>The first run.</summary>
    [Benchmark]
    public GeneratorDriver Cold() => Check(NewDriver().RunGenerators(_project));

    /// <summary>After an edit in a file that no contract has to do with.</summary>
    [Benchmark]
    public GeneratorDriver EditElsewhere()
        => _driver.RunGenerators(ManyContracts.Edit(_project, ManyContracts.Elsewhere, ManyContracts.SourceElsewhere(++_edition)));

    /// <summary>After an edit in one contract.</summary>
    [Benchmark]
    public GeneratorDriver EditOneContract()
        => _driver.RunGenerators(ManyContracts.Edit(_project, ManyContracts.Edited, ManyContracts.EditedSource(++_edition)));

    private static CSharpGeneratorDriver NewDriver()
        => CSharpGeneratorDriver.Create([new ContractGenerator().AsSourceGenerator()], parseOptions: new CSharpParseOptions(LanguageVersion.Latest));

    private static GeneratorDriver Check(GeneratorDriver driver)
        => driver.GetRunResult() is { Diagnostics.Length: 0, GeneratedTrees.Length: ManyContracts.Contracts } ? driver
            : throw new InvalidOperationException("The generator did not make every contract's half.");
}
