using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Payloads;

/// <summary>Tells the structs that may have any bytes from those with fields that may not.</summary>
internal static class FixedTypes
{
    private static readonly HashSet<string> Restricted = new(StringComparer.Ordinal)
    {
        "System.DateTimeOffset", "System.DateOnly", "System.TimeOnly", "System.Text.Rune",
    };

    /// <summary>Whether a value of the type is copied as it stands in memory.</summary>
    public static bool IsFixed(ITypeSymbol type) => type is { IsValueType: true, IsUnmanagedType: true, IsRefLikeType: false };

    /// <summary>Whether some bytes of a fixed type's size are no value of it.</summary>
    public static bool IsRestricted(ITypeSymbol type)
    {
        switch (type)
        {
            case { SpecialType: SpecialType.System_Boolean or SpecialType.System_Decimal or SpecialType.System_DateTime }:
                return true;
            case { SpecialType: not SpecialType.None, OriginalDefinition.SpecialType: not SpecialType.System_Nullable_T } or { TypeKind: TypeKind.Enum }:
                return false;
            case INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T }:
                return true;
            case INamedTypeSymbol named when FrameworkTypes.Has(named):
                return Restricted.Contains(FrameworkTypes.NameOf(named)) || named.TypeArguments.Any(IsRestricted) || FixedLayout.IsUnknown(named);
            default:
                return FieldTypes(type).Any(IsRestricted);
        }
    }

    /// <summary>The structs within a fixed type, itself included, whose fields must be kept for the check.</summary>
    public static IEnumerable<ITypeSymbol> Structs(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } named || !(IsRestricted(type) || FixedLayout.HasGaps(type)))
        {
            return [];
        }

        IEnumerable<ITypeSymbol> inner = FrameworkTypes.Has(named) ? named.TypeArguments : FieldTypes(type);
        return new[] { type }.Concat(inner.SelectMany(Structs));
    }

    public static IEnumerable<ITypeSymbol> FieldTypes(ITypeSymbol type)
        => type.GetMembers().OfType<IFieldSymbol>()
            .Where(field => !field.IsStatic)
            .Select(field => field is { IsFixedSizeBuffer: true, Type: IPointerTypeSymbol pointer } ? pointer.PointedAtType : field.Type);
}
