using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

/// <summary>Bodies of interface members that an inheriting interface takes away again, as <c>abstract Task IBase.RunAsync();</c> does.</summary>
internal static class Reabstraction
{
    /// <summary>Whether a member is nothing but such a declaration.</summary>
    public static bool Is(ISymbol member) => Targets(member).Any();

    /// <summary>Whether the body of an inherited <paramref name="member"/> is taken away by <paramref name="type"/> or by what that inherits.</summary>
    public static bool Of(ISymbol member, INamedTypeSymbol type)
        => member is { IsVirtual: true, IsStatic: false }
            && type.AllInterfaces.Add(type).SelectMany(level => level.GetMembers())
                .Any(other => other.IsAbstract && Targets(other).Contains(member, SymbolEqualityComparer.Default));

    private static IEnumerable<ISymbol> Targets(ISymbol member) => member switch
    {
        IMethodSymbol method => method.ExplicitInterfaceImplementations,
        IPropertySymbol property => property.ExplicitInterfaceImplementations,
        IEventSymbol raised => raised.ExplicitInterfaceImplementations,
        _ => [],
    };
}
