using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Payloads;

/// <summary>Tells whether code within a contract can name a type.</summary>
internal static class Reachable
{
    /// <summary>Whether <paramref name="type"/> and all that its name mentions can be named.</summary>
    public static bool From(ITypeSymbol contract, ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                return From(contract, array.ElementType);
            case INamedTypeSymbol named:
                for (INamedTypeSymbol? level = named; level is not null; level = level.ContainingType)
                {
                    bool isReachable = level.DeclaredAccessibility switch
                    {
                        Accessibility.Public or Accessibility.NotApplicable => true,
                        Accessibility.Internal or Accessibility.ProtectedOrInternal
                            => SymbolEqualityComparer.Default.Equals(level.ContainingAssembly, contract.ContainingAssembly)
                                || level.ContainingAssembly.GivesAccessTo(contract.ContainingAssembly),
                        _ => Encloses(level.ContainingType, contract),
                    };
                    if (!isReachable)
                    {
                        return false;
                    }
                }

                return named.TypeArguments.All(argument => From(contract, argument));
            default:
                return true;
        }
    }

    private static bool Encloses(INamedTypeSymbol? outer, ITypeSymbol contract)
    {
        for (INamedTypeSymbol? level = contract.ContainingType; level is not null; level = level.ContainingType)
        {
            if (SymbolEqualityComparer.Default.Equals(level.OriginalDefinition, outer?.OriginalDefinition))
            {
                return true;
            }
        }

        return false;
    }
}
