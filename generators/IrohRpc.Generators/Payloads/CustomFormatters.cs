using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Payloads;

/// <summary>Code of the user's that reads what MemoryPack's generator would otherwise.</summary>
internal static class CustomFormatters
{
    /// <summary>The attribute that gives a member its formatter.</summary>
    public static INamedTypeSymbol? AttributeOf(INamedTypeSymbol type, string member)
    {
        for (INamedTypeSymbol? level = type; level is not null; level = level.BaseType)
        {
            foreach (AttributeData attribute in level.GetMembers(member).SelectMany(symbol => symbol.GetAttributes()))
            {
                if (attribute.AttributeClass is { } found && BaseOf(found) is not null)
                {
                    return found;
                }
            }
        }

        return null;
    }

    /// <summary>The type of the formatter that an attribute gives; null where it only says what the formatter reads.</summary>
    public static ITypeSymbol? FormatterOf(INamedTypeSymbol attribute)
        => BaseOf(attribute) is { TypeArguments: [{ } formatter, _] } ? formatter : null;

    /// <summary>Whether a type is MemoryPack's own.</summary>
    public static bool IsMemoryPack(INamedTypeSymbol type)
        => type.ContainingNamespace is { Name: "MemoryPack", ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>Whether a method of the type's takes bytes before its members do.</summary>
    public static bool ReadsBesideMembers(INamedTypeSymbol type)
        => type.GetMembers().OfType<IMethodSymbol>().Any(method => method.Parameters.Length > 0
            && method.GetAttributes().Any(attribute => attribute.AttributeClass is { } found && IsMemoryPack(found)
                && found.Name is "MemoryPackOnDeserializingAttribute" or "MemoryPackOnDeserializedAttribute"
                    or "MemoryPackOnSerializingAttribute" or "MemoryPackOnSerializedAttribute"));

    private static INamedTypeSymbol? BaseOf(INamedTypeSymbol attribute)
    {
        for (INamedTypeSymbol? level = attribute; level is not null; level = level.BaseType)
        {
            if (level.Name == "MemoryPackCustomFormatterAttribute" && IsMemoryPack(level))
            {
                return level;
            }
        }

        return null;
    }
}
