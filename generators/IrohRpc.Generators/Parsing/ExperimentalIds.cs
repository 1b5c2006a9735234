using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Generators.Parsing;

/// <summary>
/// The diagnostics with which <c>[Experimental]</c> warns of what a contract's signatures name. Its author has accepted them there, and cannot
/// do so in generated code.
/// </summary>
internal static class ExperimentalIds
{
    public static IEnumerable<string> Of(INamedTypeSymbol contract, IEnumerable<IMethodSymbol> methods)
    {
        var ids = new SortedSet<string>(StringComparer.Ordinal);
        AddType(contract, ids);
        foreach (IMethodSymbol method in methods)
        {
            Add(method, ids);
            AddType(method.ContainingType, ids);
            AddType(method.ReturnType, ids);
            foreach (IParameterSymbol parameter in method.Parameters)
            {
                AddType(parameter.Type, ids);
            }
        }

        return ids;
    }

    private static void AddType(ITypeSymbol type, SortedSet<string> ids)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                AddType(array.ElementType, ids);
                break;
            case INamedTypeSymbol named:
                for (INamedTypeSymbol? level = named; level is not null; level = level.ContainingType)
                {
                    Add(level, ids);
                }

                foreach (ITypeSymbol argument in named.TypeArguments)
                {
                    AddType(argument, ids);
                }

                break;
        }
    }

    private static void Add(ISymbol symbol, SortedSet<string> ids)
    {
        foreach (AttributeData attribute in symbol.GetAttributes())
        {
            if (attribute is { AttributeClass.Name: "ExperimentalAttribute", ConstructorArguments: [{ Value: string id }] }
                && attribute.AttributeClass.ContainingNamespace.ToDisplayString() == "System.Diagnostics.CodeAnalysis"
                && SyntaxFacts.IsValidIdentifier(id))
            {
                ids.Add(id);
            }
        }
    }
}
