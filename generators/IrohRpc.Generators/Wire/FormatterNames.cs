using System.Globalization;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>
/// What the signature text says of a member with a formatter of its own. Nobody knows the bytes of such a formatter, but those of two with other names or other
/// arguments are not the same.
/// </summary>
internal static class FormatterNames
{
    private static readonly SymbolDisplayFormat FullName = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces,
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters);

    /// <summary>The text for a member; null where it has no such formatter.</summary>
    public static string? Of(ISymbol member)
        => member.GetAttributes().FirstOrDefault(attribute => IsFormatter(attribute.AttributeClass)) is { } found ? $"custom<{Describe(found)}>" : null;

    /// <summary>Whether the text is that of a formatter of MemoryPack's own which is called so.</summary>
    public static bool IsMemoryPacks(string formatter, string name)
        => formatter.StartsWith($"custom<MemoryPack.{name}", StringComparison.Ordinal) && (formatter[18 + name.Length] is '>' or ';' or '\\');

    private static bool IsFormatter(INamedTypeSymbol? attribute)
    {
        for (INamedTypeSymbol? level = attribute; level is not null; level = level.BaseType)
        {
            if (level.Name == "MemoryPackCustomFormatterAttribute")
            {
                return true;
            }
        }

        return false;
    }

    private static string Describe(AttributeData attribute)
    {
        INamedTypeSymbol type = attribute.AttributeClass!;
        IEnumerable<string> parts = new[] { NameOf(type) }
            .Concat(type.TypeArguments.Select(argument => WireNames.Escape(argument.ToDisplayString(FullName))))
            .Concat(attribute.ConstructorArguments.Select(ValueOf))
            .Concat(attribute.NamedArguments.OrderBy(named => named.Key, StringComparer.Ordinal).Select(named => $"{named.Key}.{ValueOf(named.Value)}"));
        return string.Join(";", parts);
    }

    /// <summary>The name in full, as the class of the attribute is all that tells the bytes; <c>[WireName]</c> keeps it through a renaming.</summary>
    private static string NameOf(INamedTypeSymbol type)
    {
        if (WireNames.Given(type) is { } given)
        {
            return given;
        }

        const string suffix = "Attribute";
        string name = WireNames.Escape(FrameworkTypes.NameOf(type));
        return name.EndsWith(suffix, StringComparison.Ordinal) && name.Length > suffix.Length ? name.Substring(0, name.Length - suffix.Length) : name;
    }

    private static string ValueOf(TypedConstant value) => value switch
    {
        { IsNull: true } => "null",
        { Kind: TypedConstantKind.Array } => "many." + string.Join(".", value.Values.Select(ValueOf)),
        { Kind: TypedConstantKind.Type, Value: ITypeSymbol type } => "typeof." + WireNames.Escape(type.ToDisplayString(FullName)),
        { Value: string text } => "\"" + WireNames.Escape(text).Replace(";", "\\u003b").Replace(".", "\\u002e"),
        _ => WireNames.Escape(Convert.ToString(value.Value, CultureInfo.InvariantCulture)),
    };
}
