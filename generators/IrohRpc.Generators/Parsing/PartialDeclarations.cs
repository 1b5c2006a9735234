using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators.Parsing;

/// <summary>The declarations by which generated code stands within a type of the user's.</summary>
internal static class PartialDeclarations
{
    /// <summary>Those of the types around <paramref name="type"/>, outermost first, such as <c>partial class Outer</c>.</summary>
    public static IEnumerable<string> Around(INamedTypeSymbol type) => TypesAround(type).Select(Of);

    /// <summary>The types around <paramref name="type"/>, outermost first.</summary>
    public static Stack<INamedTypeSymbol> TypesAround(INamedTypeSymbol type)
    {
        var types = new Stack<INamedTypeSymbol>();
        for (INamedTypeSymbol? outer = type.ContainingType; outer is not null; outer = outer.ContainingType)
        {
            types.Push(outer);
        }

        return types;
    }

    /// <summary>A declaration of one more part.</summary>
    public static string Of(INamedTypeSymbol type)
    {
        string kind = type switch
        {
            { IsRecord: true, IsValueType: true } => "record struct",
            { IsRecord: true } => "record",
            { TypeKind: TypeKind.Struct } => "struct",
            { TypeKind: TypeKind.Interface } => "interface",
            _ => "class",
        };
        string parameters = type.TypeParameters.Length == 0 ? "" : $"<{string.Join(", ", type.TypeParameters.Select(parameter => CodeNames.EscapeType(parameter.Name)))}>";
        return $"partial {kind} {CodeNames.EscapeType(type.Name)}{parameters}";
    }

    /// <summary>Whether a type takes one more part.</summary>
    public static bool IsPartial(INamedTypeSymbol type, CancellationToken cancellationToken)
        => type.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax(cancellationToken) is TypeDeclarationSyntax declaration
            && declaration.Modifiers.Any(SyntaxKind.PartialKeyword));
}
