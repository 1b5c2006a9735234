using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Reports members of contracts that have a body: they look as if a service could implement them for its callers.</summary>
internal static class DefaultBodies
{
    public static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!KnownTypes.IsContract(type))
        {
            return;
        }

        foreach (ISymbol member in type.GetMembers().Where(member => member is
            {
                IsVirtual: true, IsStatic: false, IsImplicitlyDeclared: false, DeclaredAccessibility: not Accessibility.Private,
            } and (IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol or IEventSymbol)))
        {
            context.ReportDiagnostic(Diagnostic.Create(UsageDiagnostics.DefaultBody, member.Locations[0], $"{type.Name}.{member.Name}"));
        }
    }
}
