using System.Collections.Immutable;
using System.Globalization;
using IrohRpc.Generators.Tests.Compiling;
using IrohRpc.Generators.Tests.Shipped;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Tests.Fuzzing;

/// <summary>
/// Random contracts through all generators and analyzers: no crash, nothing of warning or error in a generated file, no error more in what the user wrote, and
/// after every edit the code that a first run makes.
/// </summary>
/// <remarks>
/// A long run is a command of its own: <c>FUZZ_FILES=100000 FUZZ_SEED=7 dotnet run --project tests/IrohRpc.Generators.Tests -- --filter-class '*ContractFuzzTests'</c>.
/// A finding names its seed.
/// </remarks>
public class ContractFuzzTests(ITestOutputHelper output)
{
    private const int FilesAtOnce = 20;

    private static readonly int Files = Setting("FUZZ_FILES", 1000);
    private static readonly int Seed = Setting("FUZZ_SEED", 1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_contract_that_C_sharp_takes_breaks_a_build()
    {
        int files = 0;
        int contracts = 0;
        int generated = 0;
        for (int seed = Seed; files < Files; seed++)
        {
            CSharpCompilation sources = Compile(seed);
            ContractProject project = ContractProject.Of(sources);
            string[] findings = await FindingsAsync(project);
            Assert.True(findings.Length == 0, $"seed {seed}:\n{string.Join('\n', findings.Take(5))}");
            files += FilesAtOnce;
            contracts += sources.SyntaxTrees.Sum(tree => tree.ToString().Split("IrohRpc.Alpn(\"").Length / 2);
            generated += project.Generated.Count;
        }

        output.WriteLine($"{files} files, {contracts} contracts that C# takes, {generated} of them generated; seeds from {Seed}");
        Assert.True(generated > contracts / 4, $"{generated} of {contracts} contracts were generated; the others have mistakes, so that little was tried.");
    }

    [Fact]
    public void Edits_of_contracts_leave_what_a_first_run_makes()
    {
        int sequences = Math.Max(8, Files / 50);
        for (int seed = Seed; seed < Seed + sequences; seed++)
        {
            var random = new Random(seed);
            var texts = Enumerable.Range(0, 4).Select(file => Text(random.Next(), file)).ToList();

            // A driver that tracks its steps, as only tests have it, loses an output where another one before it goes; that is Roslyn's.
            GeneratorDriver driver = ContractProject.NewDriver(tracksSteps: false);
            for (int edit = 0; edit < 8; edit++)
            {
                CSharpCompilation compilation = Compile(texts);
                driver = driver.RunGenerators(compilation, Token);
                Assert.DoesNotContain(driver.GetRunResult().Diagnostics, IsOurFailure);
                string[] first = Output(ContractProject.NewDriver().RunGenerators(Compile(texts), Token));
                string[] differences = Differences(first, Output(driver));
                Assert.True(differences.Length == 0, $"seed {seed}, edit {edit}:\n{string.Join('\n', differences)}");
                int changed = random.Next(texts.Count);
                texts[changed] = random.Next(3) == 0 ? Mutate(texts[changed], random) : Text(random.Next(), changed);
            }
        }
    }

    private static int Setting(string name, int usual)
        => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : usual;

    private static string Text(int seed, int file) => new ContractGrammar(new Random(seed)).Write(file);

    /// <summary>A line less, or twice.</summary>
    private static string Mutate(string text, Random random)
    {
        List<string> lines = [.. text.Split('\n')];
        int line = random.Next(4, Math.Max(5, lines.Count - 3));
        if (line < lines.Count && random.Next(2) == 0)
        {
            lines.RemoveAt(line);
        }
        else if (line < lines.Count)
        {
            lines.Insert(line, lines[line]);
        }

        return string.Join('\n', lines);
    }

    /// <summary>The files of one seed that C# takes.</summary>
    private static CSharpCompilation Compile(int seed)
    {
        var random = new Random(seed);
        CSharpCompilation all = Compile([.. Enumerable.Range(0, FilesAtOnce).Select(file => Text(random.Next(), file))]);
        HashSet<SyntaxTree?> wrong = [.. all.GetDiagnostics(Token).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.Location.SourceTree)];
        return all.RemoveSyntaxTrees(all.SyntaxTrees.Where(wrong.Contains));
    }

    private static CSharpCompilation Compile(IReadOnlyList<string> texts)
        => ContractProject.Compile().AddSyntaxTrees(texts.Select((text, file) => ContractProject.Parse(text, $"Source{file}.cs")));

    private static async Task<string[]> FindingsAsync(ContractProject project)
    {
        ImmutableArray<Diagnostic> ours = await project.Compilation.WithAnalyzers([new ContractAnalyzer(), new ShippedAnalyzer()], ShippedProject.OptionsOf(null))
            .GetAnalyzerDiagnosticsAsync(Token);
        return [.. project.Compilation.GetDiagnostics(Token).Concat(project.Driver.GetRunResult().Diagnostics).Concat(ours)
            .Where(diagnostic => IsFinding(diagnostic))
            .Select(diagnostic => $"{diagnostic}\n    {LineOf(diagnostic)}")];
    }

    // MemoryPack's generator gives up at some types that C# takes; a message of it may well name a contract.
    private static bool IsOurFailure(Diagnostic diagnostic)
        => diagnostic.Id == "CS8785" && !diagnostic.GetMessage(null).Contains("'MemoryPackGenerator'", StringComparison.Ordinal);

    private static bool IsFinding(Diagnostic diagnostic)
    {
        string path = diagnostic.Location.SourceTree?.FilePath ?? "";
        return diagnostic.Id == "AD0001"
            || IsOurFailure(diagnostic)
            || (path.StartsWith("IrohRpc.", StringComparison.Ordinal) && diagnostic.Severity >= DiagnosticSeverity.Warning && !diagnostic.IsSuppressed)
            || (path.StartsWith("Source", StringComparison.Ordinal) && diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id.StartsWith("CS", StringComparison.Ordinal));
    }

    private static string? LineOf(Diagnostic diagnostic)
        => diagnostic.Location.SourceTree?.GetText(Token).Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim();

    private static string[] Differences(string[] expected, string[] actual)
    {
        static string Lines(IEnumerable<string> files, IEnumerable<string> others)
            => string.Join('\n', files.Except(others).SelectMany(file => file.Split('\n').Take(1).Concat(file.Split('\n').Except(others.SelectMany(other => other.Split('\n'))).Take(2))));
        return expected.Order(StringComparer.Ordinal).SequenceEqual(actual.Order(StringComparer.Ordinal))
            ? []
            : ["in a first run:", Lines(expected, actual), "after edits:", Lines(actual, expected)];
    }

    private static string[] Output(GeneratorDriver driver)
        => [.. driver.GetRunResult().Results.Where(result => result.Generator.GetGeneratorType().Assembly == typeof(ContractGenerator).Assembly)
            .SelectMany(result => result.GeneratedSources).Select(source => source.HintName + "\n" + source.SourceText)];
}
