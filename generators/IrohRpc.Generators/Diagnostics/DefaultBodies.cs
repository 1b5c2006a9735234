using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Reports members of contracts that have a body, and services that implement them: no caller asks a service for one.</summary>
internal static class DefaultBodies
{
    public static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (KnownTypes.IsContract(type))
        {
            foreach (ISymbol member in WithBody(type))
            {
                context.ReportDiagnostic(Diagnostic.Create(UsageDiagnostics.DefaultBody, member.Locations[0], $"{type.Name}.{member.Name}"));
            }
        }
        else if (type.TypeKind is TypeKind.Class or TypeKind.Struct)
        {
            foreach (ISymbol member in type.AllInterfaces.Where(KnownTypes.IsContract).SelectMany(contract => contract.AllInterfaces.Append(contract))
                .Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default).SelectMany(WithBody))
            {
                if (type.FindImplementationForInterfaceMember(member) is { ContainingType: { TypeKind: not TypeKind.Interface } implementing } implementation
                    && !Reabstraction.Of(member, type))
                {
                    bool isOwn = SymbolEqualityComparer.Default.Equals(implementing, type);
                    if (!isOwn && implementing.AllInterfaces.Contains(member.ContainingType, SymbolEqualityComparer.Default))
                    {
                        // The base is a service itself, where this is reported.
                        continue;
                    }

                    Location place = isOwn ? implementation.Locations[0] : type.Locations[0];
                    context.ReportDiagnostic(Diagnostic.Create(
                        UsageDiagnostics.ImplementedInVain, place, $"{implementing.Name}.{member.Name}", $"{member.ContainingType.Name}.{member.Name}"));
                }
            }
        }
    }

    private static IEnumerable<ISymbol> WithBody(INamedTypeSymbol type) => type.GetMembers().Where(member => member is
        {
            IsVirtual: true, IsStatic: false, IsImplicitlyDeclared: false, DeclaredAccessibility: not Accessibility.Private,
        } and (IMethodSymbol { MethodKind: MethodKind.Ordinary } or IPropertySymbol or IEventSymbol));
}
