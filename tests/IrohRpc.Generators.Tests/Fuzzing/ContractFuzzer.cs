using System.Collections.Immutable;
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
internal static class ContractFuzzer
{
    private const int FilesAtOnce = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Builds contracts, and says of the first that breaks its build what is wrong.</summary>
    /// <param name="files">How many files; each has a few contracts.</param>
    /// <param name="seed">The first seed.</param>
    /// <param name="say">Takes what was done.</param>
    /// <returns>What was found; null where nothing was.</returns>
    public static async Task<string?> BuildAsync(int files, int seed, Action<string> say)
    {
        int built = 0;
        int contracts = 0;
        int generated = 0;
        for (int current = seed; built < files; current++)
        {
            CSharpCompilation sources = Compile(current);
            ContractProject project = ContractProject.Of(sources);
            string[] findings = await FindingsAsync(project);
            if (findings.Length > 0)
            {
                return $"seed {current}:\n{string.Join('\n', findings.Take(5))}";
            }

            built += FilesAtOnce;
            contracts += sources.SyntaxTrees.Sum(tree => tree.ToString().Split("IrohRpc.Alpn(\"").Length / 2);
            generated += project.Generated.Count;
        }

        say($"{built} files, {contracts} contracts that C# takes, {generated} of them generated; seeds from {seed}");
        return generated > contracts / 4 ? null : $"{generated} of {contracts} contracts were generated; the others have mistakes, so that little was tried.";
    }

    /// <summary>Edits contracts, and says of the first edit that leaves other code than a first run what is different.</summary>
    /// <param name="sequences">How many projects are edited, eight times each.</param>
    /// <param name="seed">The first seed.</param>
    /// <returns>What was found; null where nothing was.</returns>
    public static string? Edit(int sequences, int seed)
    {
        for (int current = seed; current < seed + sequences; current++)
        {
            var random = new Random(current);
            var texts = Enumerable.Range(0, 4).Select(file => Text(random.Next(), file)).ToList();

            // A driver that tracks its steps, as only tests have it, loses an output where another one before it goes; that is Roslyn's.
            GeneratorDriver driver = ContractProject.NewDriver(tracksSteps: false);
            for (int edit = 0; edit < 8; edit++)
            {
                CSharpCompilation compilation = Compile(texts);
                driver = driver.RunGenerators(compilation, Token);
                string[] first = Output(ContractProject.NewDriver().RunGenerators(Compile(texts), Token));
                string[] differences = [.. driver.GetRunResult().Diagnostics.Where(IsOurFailure).Select(failure => failure.ToString()), .. Differences(first, Output(driver))];
                if (differences.Length > 0)
                {
                    return $"seed {current}, edit {edit}:\n{string.Join('\n', differences)}";
                }

                int changed = random.Next(texts.Count);
                texts[changed] = random.Next(3) == 0 ? Mutate(texts[changed], random) : Text(random.Next(), changed);
            }
        }

        return null;
    }

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
