using System.Collections.Immutable;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Reports what keeps a contract from working, at the place where it stands.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ContractAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        ContractDiagnostics.MustBePartial,
        ContractDiagnostics.MalformedAlpn,
        ContractDiagnostics.DuplicateAlpn,
        ContractDiagnostics.GenericContract,
        ContractDiagnostics.GenericMethod,
        ContractDiagnostics.NotAMethod,
        ContractDiagnostics.ByReference,
        ContractDiagnostics.UnsupportedReturn,
        ContractDiagnostics.NotSerializable,
        ContractDiagnostics.SameWireName,
        ContractDiagnostics.CancellationNotLast,
        ContractDiagnostics.SeveralRawStreams,
        ContractDiagnostics.SeveralOfAKind,
        ContractDiagnostics.OneWayWithAnswer,
        ContractDiagnostics.UnknownSince,
        ContractDiagnostics.NotReachable,
        ContractDiagnostics.MalformedWireName,
        ContractDiagnostics.MalformedLimit,
        ContractDiagnostics.SameFault,
        ContractDiagnostics.NullableStream,
        ContractDiagnostics.StreamInsideValue,
        ContractDiagnostics.OlderFirst,
        ContractDiagnostics.IdempotentInVain,
        ContractDiagnostics.AttributeInVain,
        ContractDiagnostics.OneWayWithStream,
        ContractDiagnostics.AsyncVoidHandler,
        ContractDiagnostics.MachineSized,
        ContractDiagnostics.MembersUnseen,
        ContractDiagnostics.LanguageTooOld,
        ContractDiagnostics.ContractNotGenerated,
        ContractDiagnostics.Unfinished,
        ContractDiagnostics.CannotBeNamed,
        ContractDiagnostics.OverlappingFields,
        ContractDiagnostics.MissingCancellation,
    ];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            var alpns = new AlpnOwners();
            start.RegisterSymbolAction(symbol => Analyze(symbol, alpns), SymbolKind.NamedType);
            start.RegisterSymbolAction(MisplacedAttributes.Analyze, SymbolKind.Method);
            start.RegisterSymbolAction(MisplacedAttributes.AnalyzeType, SymbolKind.NamedType);
            start.RegisterSymbolAction(AsyncVoidHandlers.Analyze, SymbolKind.Method);
        });
    }

    private static void Analyze(SymbolAnalysisContext context, AlpnOwners alpns)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!KnownTypes.IsContract(type))
        {
            return;
        }

        if (ContractParser.Parse(type, context.ReportDiagnostic, context.CancellationToken) is not null && UnfinishedContracts.Has(type))
        {
            context.ReportDiagnostic(Diagnostic.Create(ContractDiagnostics.Unfinished, type.Locations[0], type.Name));
        }

        foreach (AttributeData attribute in KnownTypes.Attributes(type, "AlpnAttribute"))
        {
            if (attribute.ConstructorArguments is [{ Value: string alpn }]
                && attribute.ApplicationSyntaxReference?.GetSyntax(context.CancellationToken).GetLocation() is { } location
                && alpns.Add(alpn, type, location) is { } clash)
            {
                context.ReportDiagnostic(Diagnostic.Create(ContractDiagnostics.DuplicateAlpn, clash.Location, alpn, clash.OwnerName));
            }
        }
    }
}
