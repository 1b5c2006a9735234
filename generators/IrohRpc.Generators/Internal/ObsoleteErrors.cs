using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Internal;

/// <summary>Tells what is obsolete as an error: no pragma silences that, only code that is obsolete itself may name it.</summary>
internal static class ObsoleteErrors
{
    /// <summary>Whether a method, or a type that its signature names, is obsolete as an error.</summary>
    public static bool AreNamedBy(IMethodSymbol method)
        => IsObsolete(method) || Names(method.ContainingType) || Names(method.ReturnType) || method.Parameters.Any(parameter => Names(parameter.Type));

    /// <summary>Whether a type, one around it or one of its arguments is obsolete as an error.</summary>
    public static bool Names(ITypeSymbol type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                return Names(array.ElementType);
            case INamedTypeSymbol named:
                for (INamedTypeSymbol? level = named; level is not null; level = level.ContainingType)
                {
                    if (IsObsolete(level))
                    {
                        return true;
                    }
                }

                return named.TypeArguments.Any(Names);
            default:
                return false;
        }
    }

    private static bool IsObsolete(ISymbol symbol)
        => symbol.GetAttributes().Any(attribute => attribute is
        {
            AttributeClass: { Name: "ObsoleteAttribute", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } },
            ConstructorArguments: [_, { Value: true }],
        });
}
