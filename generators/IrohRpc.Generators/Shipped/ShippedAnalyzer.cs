using System.Collections.Concurrent;
using System.Collections.Immutable;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace IrohRpc.Generators.Shipped;

/// <summary>Holds the contracts of a project to what has shipped, which a text file next to the project records.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ShippedAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. ShippedDiagnostics.All];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();

        // A contract that a tool wrote ships like any other; not to see it would be to miss it.
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.Analyze | GeneratedCodeAnalysisFlags.ReportDiagnostics);
        context.RegisterCompilationStartAction(Start);
    }

    private static void Start(CompilationStartAnalysisContext context)
    {
        var options = ShippedOptions.Of(context.Options.AnalyzerConfigOptionsProvider.GlobalOptions);
        AdditionalText? text = context.Options.AdditionalFiles.FirstOrDefault(file => ShippedOptions.IsShippedFile(file.Path));
        SourceText? content = text?.GetText(context.CancellationToken);
        if (content is null && !options.IsEnabled)
        {
            return;
        }

        ShippedFile shipped = content is null ? ShippedFile.Empty : ShippedFile.Parse(content.Lines.Select(line => line.ToString()));
        if (shipped.Problems.Count > 0)
        {
            context.RegisterCompilationEndAction(end => ReportUnreadable(end, text!, content!, shipped));
            return;
        }

        var served = new ConcurrentDictionary<string, Location?>(StringComparer.Ordinal);
        bool isLost = !options.IsRecording && (options.IsLost || (content is not null && shipped.Versions.Count == 0));
        context.RegisterSymbolAction(symbol => Analyze(symbol, shipped, options, isLost, served), SymbolKind.NamedType);
        context.RegisterCompilationEndAction(end => ReportGone(end, text, content, shipped, served));
        if (isLost)
        {
            context.RegisterCompilationEndAction(end => ReportLost(end, content is null ? "was there at an earlier build and is gone" : "records nothing", served));
        }
    }

    private static void Analyze(
        SymbolAnalysisContext context, ShippedFile shipped, ShippedOptions options, bool isLost, ConcurrentDictionary<string, Location?> served)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!KnownTypes.IsContract(type))
        {
            return;
        }

        foreach (string alpn in Alpn.Of(type))
        {
            served[alpn] = new ShippedPlaces(type, context.CancellationToken).OfContract();
        }

        if (isLost)
        {
            return;
        }

        IEnumerable<ShippedFinding> findings = ContractCheck.Of(type, shipped, context.CancellationToken);
        foreach (Diagnostic diagnostic in ShippedFinding.ToDiagnostics(findings))
        {
            // What is being recorded need not be asked for.
            if (!options.IsRecording || diagnostic.DefaultSeverity == DiagnosticSeverity.Error)
            {
                context.ReportDiagnostic(diagnostic);
            }
        }
    }

    private static void ReportUnreadable(CompilationAnalysisContext context, AdditionalText text, SourceText content, ShippedFile shipped)
    {
        foreach (ShippedProblem problem in shipped.Problems)
        {
            context.ReportDiagnostic(Diagnostic.Create(
                ShippedDiagnostics.Unreadable, PlaceOf(text, content, problem.Line), problem.Line + 1, problem.Reason));
        }
    }

    /// <summary>A version that is gone is reported at the contract of the same protocol, where there is one, and otherwise in the file.</summary>
    private static void ReportGone(
        CompilationAnalysisContext context, AdditionalText? text, SourceText? content, ShippedFile shipped, ConcurrentDictionary<string, Location?> served)
    {
        foreach (ShippedVersion version in shipped.Versions.Where(version => !version.IsRetired && !served.ContainsKey(version.Alpn)))
        {
            Location place = served.Where(other => Alpn.Family(other.Key) == Alpn.Family(version.Alpn) && other.Value is not null)
                .OrderBy(other => other.Key, AlpnOrder.Instance).LastOrDefault().Value
                ?? PlaceOf(text!, content!, shipped.LineOf(version.Alpn));
            context.ReportDiagnostic(Diagnostic.Create(
                ShippedDiagnostics.AlpnGone,
                place,
                ImmutableDictionary<string, string?>.Empty.Add(ShippedDiagnostics.AlpnProperty, version.Alpn),
                version.Alpn));
        }
    }

    /// <summary>One word for all contracts: each is not recorded for one reason.</summary>
    private static void ReportLost(CompilationAnalysisContext context, string what, ConcurrentDictionary<string, Location?> served)
    {
        if (served.OrderBy(contract => contract.Key, AlpnOrder.Instance).Select(contract => (KeyValuePair<string, Location?>?)contract).FirstOrDefault() is { } first)
        {
            context.ReportDiagnostic(Diagnostic.Create(ShippedDiagnostics.Lost, first.Value, what, first.Key));
        }
    }

    private static Location PlaceOf(AdditionalText text, SourceText content, int index)
    {
        TextSpan line = content.Lines[index].Span;
        return Location.Create(text.Path, line, content.Lines.GetLinePositionSpan(line));
    }
}
