using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Reports typed faults that a service makes and no method of its contracts declares: their callers get the status code and the message, and no detail.</summary>
internal static class UndeclaredFaults
{
    public static void Analyze(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (creation.Type is not INamedTypeSymbol { TypeArguments: [{ TypeKind: not TypeKind.TypeParameter } detail] } type || !KnownTypes.IsFaultException(type)
            || context.ContainingSymbol is not IMethodSymbol method)
        {
            return;
        }

        // A helper of the class may be meant for any of its methods.
        IMethodSymbol? answered = ContractMethods.ImplementedBy(method);
        IMethodSymbol[] candidates = answered is not null ? [answered] : [.. ContractMethods.OfContractsOf(method.ContainingType)];
        if (candidates.Length > 0 && !candidates.Any(candidate => Declares(candidate, detail)))
        {
            string contract = candidates[0].ContainingType.Name;
            string name = answered is not null ? $"'{contract}.{answered.Name}' does not declare" : $"no method of '{contract}' declares";
            context.ReportDiagnostic(Diagnostic.Create(
                UsageDiagnostics.FaultUndeclared, creation.Syntax.GetLocation(), name, detail.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
        }
    }

    private static bool Declares(IMethodSymbol method, ITypeSymbol detail)
        => MethodParser.FaultsOf(method).Any(fault => SymbolEqualityComparer.Default.Equals(fault.Type, detail));
}
