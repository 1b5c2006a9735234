using System.Globalization;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>What a struct that is copied as it stands says about its layout in memory; nothing for most.</summary>
internal static class StructLayout
{
    public static string Describe(INamedTypeSymbol type)
    {
        AttributeData? layout = type.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.Name == "StructLayoutAttribute");
        string text = "";
        if (layout?.ConstructorArguments is [{ Value: { } kind }] && Convert.ToInt32(kind, CultureInfo.InvariantCulture) == 3)
        {
            text += "auto";
        }

        foreach (KeyValuePair<string, TypedConstant> option in layout?.NamedArguments ?? [])
        {
            if (option is { Key: "Pack" or "Size", Value.Value: int value and not 0 })
            {
                text += option.Key.ToLowerInvariant() + value.ToString(CultureInfo.InvariantCulture);
            }
        }

        return text;
    }

    /// <summary>All fields of <paramref name="type"/>, in order.</summary>
    public static List<WireMember> FieldsOf(INamedTypeSymbol type)
        => [.. type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic)
            .Select((field, index) => new WireMember(DescribeField(field), TypeOf(field), CustomFormatter: false, index))];

    /// <summary>The field's name, or its property's, with its offset where the layout is explicit.</summary>
    private static string DescribeField(IFieldSymbol field)
    {
        string name = field.AssociatedSymbol?.Name ?? PropertyOf(field.Name);
        AttributeData? offset = field.GetAttributes().FirstOrDefault(attribute => attribute.AttributeClass?.Name == "FieldOffsetAttribute");
        name = offset?.ConstructorArguments is [{ Value: int value }] ? $"{name}@{value.ToString(CultureInfo.InvariantCulture)}" : name;
        return field.IsFixedSizeBuffer ? $"{name}*{field.FixedSize.ToString(CultureInfo.InvariantCulture)}" : name;
    }

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
