using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>What a struct that is copied as it stands says about its layout in memory; nothing for most.</summary>
internal static class StructLayout
{
    /// <summary>The declared layout as the signature text has it.</summary>
    public static string Describe(INamedTypeSymbol type)
    {
        DeclaredLayout layout = LayoutOf(type);
        string text = layout.IsAuto ? "auto" : "";
        if (layout.Pack != 0)
        {
            text += "pack" + layout.Pack.ToString(CultureInfo.InvariantCulture);
        }

        // A struct without fields has one byte, which the compiler says in metadata and nobody in source.
        if (layout.Size != 0 && (layout.Size != 1 || HasFields(type)))
        {
            text += "size" + layout.Size.ToString(CultureInfo.InvariantCulture);
        }

        return text;
    }

    /// <summary>What the declaration says about the layout.</summary>
    public static DeclaredLayout LayoutOf(INamedTypeSymbol type) => MetadataLayout.Of(type) ?? InSource(type);

    /// <summary>
    /// What stands between a type's name and its layout: nothing, unless the name ends as a layout reads, so that <c>Mauto</c> would be <c>M</c> with
    /// an automatic layout.
    /// </summary>
    public static string Separate(INamedTypeSymbol type)
        => type.TypeArguments.Length == 0 && Regex.IsMatch(WireNames.Of(type), @"(auto|(pack|size)[0-9]+)$", RegexOptions.CultureInvariant) ? "'" : "";

    /// <summary>All fields of <paramref name="type"/>, in order.</summary>
    public static List<WireMember> FieldsOf(INamedTypeSymbol type)
    {
        int? repetition = RepetitionOf(type);
        return [.. InstanceFieldsOf(type).Select((field, index) => new WireMember(DescribeField(field, repetition), TypeOf(field), Formatter: null, index))];
    }

    /// <summary>How often an inline array has its one field; null for any other struct.</summary>
    public static int? RepetitionOf(INamedTypeSymbol type)
        => type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass is
        {
            Name: "InlineArrayAttribute",
            ContainingNamespace: { Name: "CompilerServices", ContainingNamespace: { Name: "Runtime", ContainingNamespace.Name: "System" } },
        }) is { ConstructorArguments: [{ Value: int length }] } ? length : null;

    /// <summary>Whether the fields that metadata shows stand for others: a tool other than the compiler has made this reference assembly.</summary>
    public static bool HasStandIns(INamedTypeSymbol type)
        => !type.Locations.Any(location => location.IsInSource)
            && InstanceFieldsOf(type).Any(field => field.Name is "_dummy" or "_dummyPrimitive");

    private static IEnumerable<IFieldSymbol> InstanceFieldsOf(INamedTypeSymbol type)
        => type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic);

    private static bool HasFields(INamedTypeSymbol type) => InstanceFieldsOf(type).Any();

    private static DeclaredLayout InSource(INamedTypeSymbol type)
    {
        AttributeData? layout = type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.Name == "StructLayoutAttribute");
        return new DeclaredLayout(
            layout?.ConstructorArguments is [{ Value: { } kind }] && Convert.ToInt32(kind, CultureInfo.InvariantCulture) == 3,
            Option("Pack"),
            Option("Size"));

        int Option(string name) => layout?.NamedArguments.FirstOrDefault(option => option.Key == name).Value.Value is int value ? value : 0;
    }

    /// <summary>The field's name, or its property's, with its offset where the layout is explicit, and how often it is there.</summary>
    private static string DescribeField(IFieldSymbol field, int? repetition)
    {
        string name = field.AssociatedSymbol?.Name ?? PropertyOf(field.Name);
        if (OffsetOf(field) is { } offset)
        {
            name += "@" + offset.ToString(CultureInfo.InvariantCulture);
        }

        int? count = field.IsFixedSizeBuffer ? field.FixedSize : repetition;
        return count is null ? name : $"{name}*{count.Value.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The offset that the declaration gives a field; null where it gives none.</summary>
    public static int? OffsetOf(IFieldSymbol field)
        => MetadataLayout.OffsetOf(field)
            ?? (field.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.Name == "FieldOffsetAttribute")
                is { ConstructorArguments: [{ Value: int value }] } ? value : null);

    /// <summary>In another assembly, only its name tells that a field belongs to a property.</summary>
    private static string PropertyOf(string field)
    {
        int end = field.IndexOf(">k__BackingField", StringComparison.Ordinal);
        return end > 1 ? field.Substring(1, end - 1) : field;
    }

    /// <summary>The field's type, for a fixed buffer its elements'.</summary>
    private static ITypeSymbol TypeOf(IFieldSymbol field)
        => field is { IsFixedSizeBuffer: true, Type: IPointerTypeSymbol pointer } ? pointer.PointedAtType : field.Type;
}
