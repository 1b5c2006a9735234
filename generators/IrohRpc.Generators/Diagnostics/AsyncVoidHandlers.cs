using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Reports handlers of one-way methods whose exceptions nobody could catch.</summary>
internal static class AsyncVoidHandlers
{
    public static void Analyze(SymbolAnalysisContext context)
    {
        var method = (IMethodSymbol)context.Symbol;
        if (method is not { IsAsync: true, ReturnsVoid: true, ContainingType.TypeKind: TypeKind.Class or TypeKind.Struct })
        {
            return;
        }

        foreach (INamedTypeSymbol contract in method.ContainingType.AllInterfaces.Where(KnownTypes.IsContract))
        {
            if (FindImplemented(method, contract) is { } implemented)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    ContractDiagnostics.AsyncVoidHandler, method.Locations[0], method.Name, $"{implemented.ContainingType.Name}.{implemented.Name}"));
                return;
            }
        }
    }

    private static IMethodSymbol? FindImplemented(IMethodSymbol method, INamedTypeSymbol contract)
        => contract.AllInterfaces.Append(contract).SelectMany(level => level.GetMembers().OfType<IMethodSymbol>())
            .FirstOrDefault(member => SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method));
}
