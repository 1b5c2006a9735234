using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>Tells type arguments that C# does not take: it says so where they stand, and would once more wherever generated code names the type.</summary>
internal static class Constraints
{
    /// <summary>Whether an argument of <paramref name="type"/> breaks a constraint, as far as that can be told without conversions.</summary>
    public static bool AreBroken(INamedTypeSymbol type)
    {
        for (int i = 0; i < type.TypeArguments.Length; i++)
        {
            if (IsBroken(type.OriginalDefinition.TypeParameters[i], type.TypeArguments[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsBroken(ITypeParameterSymbol parameter, ITypeSymbol argument)
        => (parameter.HasReferenceTypeConstraint && argument.IsValueType)
            || (parameter.HasValueTypeConstraint && (!argument.IsValueType || argument.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T))
            || (parameter.HasUnmanagedTypeConstraint && !argument.IsUnmanagedType)
            || (parameter.HasConstructorConstraint && !HasConstructor(argument))
            || parameter.ConstraintTypes.OfType<INamedTypeSymbol>().Any(wanted => !wanted.IsGenericType && !Is(argument, wanted));

    private static bool HasConstructor(ITypeSymbol type)
        => type.IsValueType || type is INamedTypeSymbol { IsAbstract: false } named
            && named.InstanceConstructors.Any(constructor => constructor is { Parameters.Length: 0, DeclaredAccessibility: Accessibility.Public });

    private static bool Is(ITypeSymbol type, INamedTypeSymbol wanted)
    {
        if (type.AllInterfaces.Contains(wanted, SymbolEqualityComparer.Default))
        {
            return true;
        }

        for (ITypeSymbol? level = type; level is not null; level = level.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(level, wanted))
            {
                return true;
            }
        }

        return false;
    }
}
