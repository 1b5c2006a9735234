using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace IrohRpc.Generators.Tests.Compiling;

/// <summary>A user's project: its sources compiled with both generators and the analyzer.</summary>
internal sealed class ContractProject
{
    /// <summary>The directives that an SDK project with implicit usings has, and those that contracts need besides.</summary>
    public const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.IO;
        using System.IO.Pipelines;
        using System.Linq;
        using System.Threading;
        using System.Threading.Tasks;
        using IrohRpc;
        using MemoryPack;

        """;

    // MemoryPack's generator goes by the symbols of the target framework.
    internal static readonly CSharpParseOptions ParseOptions = new(
        LanguageVersion.Preview,
        DocumentationMode.Diagnose,
        preprocessorSymbols: ["NET", "NET10_0", .. Enumerable.Range(5, 6).Select(version => $"NET{version}_0_OR_GREATER")]);

    internal static readonly CSharpCompilationOptions Options = new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
        .WithNullableContextOptions(NullableContextOptions.Enable)
        .WithWarningLevel(9999)
        .WithSpecificDiagnosticOptions([KeyValuePair.Create("CS1701", ReportDiagnostic.Suppress), KeyValuePair.Create("CS1702", ReportDiagnostic.Suppress)])
        .WithAllowUnsafe(true);

    private ContractProject(CSharpCompilation sources, CSharpCompilation compilation, GeneratorDriver driver)
    {
        Sources = sources;
        Compilation = compilation;
        Driver = driver;
    }

    /// <summary>What the user wrote.</summary>
    public CSharpCompilation Sources { get; }

    /// <summary>The same with what both generators added.</summary>
    public CSharpCompilation Compilation { get; }

    /// <summary>The generators after their run.</summary>
    public GeneratorDriver Driver { get; }

    /// <summary>The files that our generator made, by name.</summary>
    public IReadOnlyDictionary<string, string> Generated
        => Driver.GetRunResult().Results.Where(result => result.Generator.GetGeneratorType() == typeof(ContractGenerator))
            .SelectMany(result => result.GeneratedSources)
            .ToDictionary(source => source.HintName, source => source.SourceText.ToString());

    /// <summary>Compiles sources as they stand.</summary>
    public static ContractProject Of(params string[] sources) => Of(Compile(sources));

    /// <summary>Compiles one source below the usual using directives.</summary>
    public static ContractProject Contract(string source) => Of(Usings + source);

    public static ContractProject Of(CSharpCompilation sources)
    {
        GeneratorDriver driver = NewDriver().RunGeneratorsAndUpdateCompilation(sources, out Compilation compilation, out _);
        return new ContractProject(sources, (CSharpCompilation)compilation, driver);
    }

    public static CSharpGeneratorDriver NewDriver(bool tracksSteps = true) => CSharpGeneratorDriver.Create(
        [
            new ContractGenerator().AsSourceGenerator(),
            new WireMembersGenerator().AsSourceGenerator(),
            new UnfinishedContractGenerator().AsSourceGenerator(),
            References.MemoryPackGenerator,
        ],
        parseOptions: ParseOptions,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: tracksSteps));

    public static CSharpCompilation Compile(params string[] sources) => CSharpCompilation.Create(
        "Contracts", sources.Select((text, index) => Parse(text, $"Source{index}.cs")), References.All, Options);

    public static SyntaxTree Parse(string text, string path)
        => CSharpSyntaxTree.ParseText(SourceText.From(text, System.Text.Encoding.UTF8), ParseOptions, path, TestContext.Current.CancellationToken);

    /// <summary>Everything of warning or error that the compiler, the analyzer or a generator has to say, and our hints.</summary>
    public async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync()
    {
        ImmutableArray<Diagnostic> ours = await AnalyzerDiagnosticsAsync();
        IEnumerable<Diagnostic> compilers = Compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !diagnostic.IsSuppressed);
        return [.. ours.Concat(compilers).Concat(Driver.GetRunResult().Diagnostics)];
    }

    /// <summary>What the analyzer alone has to say.</summary>
    public Task<ImmutableArray<Diagnostic>> AnalyzerDiagnosticsAsync()
        => Compilation.WithAnalyzers([new ContractAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

    /// <summary>What the analyzer of usage alone has to say.</summary>
    public Task<ImmutableArray<Diagnostic>> UsageDiagnosticsAsync()
        => Compilation.WithAnalyzers([new UsageAnalyzer()]).GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);

    /// <summary>Asserts that nothing is worth a warning, apart from the given ids.</summary>
    public async Task AssertCleanAsync(params string[] except)
    {
        string[] all = [.. (await DiagnosticsAsync())
            .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !except.Contains(diagnostic.Id) && !IsBesideThePoint(diagnostic))
            .Select(diagnostic => diagnostic + Excerpt(diagnostic))];
        Assert.True(all.Length == 0, string.Join('\n', all.Take(10)));
    }

    /// <summary>What MemoryPack's generator writes is its own affair, and contracts in tests are not documented.</summary>
    private static bool IsBesideThePoint(Diagnostic diagnostic)
    {
        string path = diagnostic.Location.SourceTree?.FilePath ?? "";
        return path.StartsWith("MemoryPack.Generator", StringComparison.Ordinal)
            || (diagnostic.Id == "CS1591" && path.StartsWith("Source", StringComparison.Ordinal));
    }

    /// <summary>Asserts that a contract generates, and that nothing is worth a warning.</summary>
    public static async Task<ContractProject> AssertGeneratesAsync(string source)
    {
        ContractProject project = Contract(source);
        await project.AssertCleanAsync();
        Assert.NotEmpty(project.Generated);
        return project;
    }

    private static string Excerpt(Diagnostic diagnostic)
    {
        if (diagnostic.Location.SourceTree is not { } tree)
        {
            return "";
        }

        TextLine line = tree.GetText().Lines.GetLineFromPosition(diagnostic.Location.SourceSpan.Start);
        return $"\n    {line}";
    }
}
