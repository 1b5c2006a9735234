using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Reports what users do with contracts that does something else than it seems to.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UsageAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. UsageDiagnostics.All];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            var interfaces = new PlainInterfaces();
            start.RegisterSymbolAction(interfaces.Collect, SymbolKind.NamedType);
            start.RegisterCompilationEndAction(interfaces.Report);
            start.RegisterSymbolAction(DefaultBodies.Analyze, SymbolKind.NamedType);
            start.RegisterSymbolAction(UnnamedForms.Analyze, SymbolKind.NamedType);
            start.RegisterSyntaxNodeAction(NonContracts.Analyze, SyntaxKind.InvocationExpression);
            start.RegisterOperationAction(OneWayContracts.Analyze, OperationKind.Invocation);
            start.RegisterOperationAction(BlockingCalls.AnalyzeResult, OperationKind.PropertyReference);
            start.RegisterOperationAction(BlockingCalls.AnalyzeGetResult, OperationKind.Invocation);
            start.RegisterOperationAction(UndeclaredFaults.Analyze, OperationKind.ObjectCreation);
            start.RegisterOperationAction(LostParts.AnalyzeCall, OperationKind.Invocation);
            start.RegisterOperationAction(LostParts.AnalyzeAnswer, OperationKind.Return, OperationKind.YieldReturn);
            start.RegisterOperationAction(LostParts.AnalyzeFault, OperationKind.ObjectCreation);
        });
    }
}
