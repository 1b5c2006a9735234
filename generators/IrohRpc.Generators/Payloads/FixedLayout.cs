using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Payloads;

/// <summary>How many bytes a fixed type takes, as far as its declaration tells; where it does not, at least as many.</summary>
internal static class FixedLayout
{
    private const int Largest = 8;

    private static readonly Dictionary<string, (int Size, int Alignment)> Framework = new(StringComparer.Ordinal)
    {
        ["System.Guid"] = (16, 4), ["System.DateTimeOffset"] = (16, 8), ["System.DateOnly"] = (4, 4), ["System.TimeOnly"] = (8, 8), ["System.TimeSpan"] = (8, 8),
        ["System.Text.Rune"] = (4, 4), ["System.Half"] = (2, 2), ["System.Int128"] = (16, 16), ["System.UInt128"] = (16, 16), ["System.Index"] = (4, 4),
        ["System.Range"] = (8, 4), ["System.Numerics.Vector2"] = (8, 4), ["System.Numerics.Vector3"] = (12, 4), ["System.Numerics.Vector4"] = (16, 4),
        ["System.Numerics.Complex"] = (16, 8), ["System.Numerics.Quaternion"] = (16, 4), ["System.Numerics.Plane"] = (16, 4),
        ["System.Numerics.Matrix3x2"] = (24, 4), ["System.Numerics.Matrix4x4"] = (64, 4), ["System.Drawing.Point"] = (8, 4), ["System.Drawing.PointF"] = (8, 4),
        ["System.Drawing.Size"] = (8, 4), ["System.Drawing.SizeF"] = (8, 4), ["System.Drawing.Rectangle"] = (16, 4), ["System.Drawing.RectangleF"] = (16, 4),
    };

    /// <summary>
    /// Whether a struct of the framework is one whose fields nobody knows before it runs, since reference assemblies show others: one of them may be a <c>bool</c> or a
    /// date, and there may be bytes between them.
    /// </summary>
    public static bool IsUnknown(INamedTypeSymbol framework)
        => framework is { TypeKind: TypeKind.Struct, IsTupleType: false, Name: not "KeyValuePair" }
            && !Framework.ContainsKey(FrameworkTypes.NameOf(framework))
            && framework.ContainingNamespace.ToDisplayString() != "System.Runtime.Intrinsics";

    /// <summary>Whether a fixed type may have bytes that belong to no field.</summary>
    public static bool HasGaps(ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { EnumUnderlyingType: null } named)
        {
            return false;
        }

        if (named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            return Of(type).Size != 1 + Of(named.TypeArguments[0]).Size || HasGaps(named.TypeArguments[0]);
        }

        if (type.SpecialType != SpecialType.None)
        {
            return false;
        }

        if (FrameworkTypes.Has(named))
        {
            return FrameworkTypes.NameOf(named) == "System.DateTimeOffset" || IsUnknown(named)
                || ((named.IsTupleType || named.Name == "KeyValuePair") && HaveGaps([.. named.TypeArguments]));
        }

        DeclaredLayout layout = StructLayout.LayoutOf(named);
        int sum = FieldsOf(named).Sum(field => Of(field).Size) * (StructLayout.RepetitionOf(named) ?? 1);
        return layout.IsAuto || FieldsOf(named).Any(field => StructLayout.OffsetOf(field) is not null) || Of(type).Size != sum || FixedTypes.FieldTypes(named).Any(HasGaps);
    }

    /// <summary>Whether values of fixed types that stand side by side may have such bytes within or between them.</summary>
    public static bool HaveGaps(IReadOnlyList<ITypeSymbol> types)
        => types.Any(HasGaps) || (types.Count > 1 && Sequence(types.Select(Of), Largest).Size != types.Sum(type => Of(type).Size));

    /// <summary>Two fields of a struct that share bytes, of which the first cannot have any; null where there are none.</summary>
    public static (IFieldSymbol Field, IFieldSymbol Other)? FindOverlap(INamedTypeSymbol type)
    {
        List<(IFieldSymbol Field, int Start, int End)> places = [.. FieldsOf(type)
            .Where(field => StructLayout.OffsetOf(field) is not null)
            .Select(field => (field, StructLayout.OffsetOf(field)!.Value, StructLayout.OffsetOf(field)!.Value + Of(field).Size))];
        foreach ((IFieldSymbol field, int start, int end) in places.Where(place => FixedTypes.IsRestricted(place.Field.Type)))
        {
            foreach ((IFieldSymbol other, int otherStart, int otherEnd) in places)
            {
                bool isSame = otherStart == start && SymbolEqualityComparer.Default.Equals(other.Type, field.Type);
                if (!isSame && otherStart < end && start < otherEnd)
                {
                    return (field, other);
                }
            }
        }

        return null;
    }

    private static IEnumerable<IFieldSymbol> FieldsOf(INamedTypeSymbol type) => type.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic);

    private static (int Size, int Alignment) Of(IFieldSymbol field)
    {
        if (field is { IsFixedSizeBuffer: true, Type: IPointerTypeSymbol pointer })
        {
            (int size, int alignment) = Of(pointer.PointedAtType);
            return (size * field.FixedSize, alignment);
        }

        return Of(field.Type);
    }

    private static (int Size, int Alignment) Of(ITypeSymbol type)
    {
        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean or SpecialType.System_Byte or SpecialType.System_SByte:
                return (1, 1);
            case SpecialType.System_Char or SpecialType.System_Int16 or SpecialType.System_UInt16:
                return (2, 2);
            case SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single:
                return (4, 4);
            case SpecialType.System_Decimal:
                return (16, 8);
            case not SpecialType.None when type is not INamedTypeSymbol { IsGenericType: true }:
                return (8, 8);
        }

        return type switch
        {
            INamedTypeSymbol { EnumUnderlyingType: { } underlying } => Of(underlying),
            INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable => Sequence([(1, 1), Of(nullable.TypeArguments[0])], Largest),
            INamedTypeSymbol named when FrameworkTypes.Has(named) => Framework.TryGetValue(FrameworkTypes.NameOf(named), out (int, int) known)
                ? known
                : Sequence(named.TypeArguments.Select(Of), Largest),
            INamedTypeSymbol named => OfStruct(named),
            _ => (8, 8),
        };
    }

    private static (int Size, int Alignment) OfStruct(INamedTypeSymbol type)
    {
        DeclaredLayout layout = StructLayout.LayoutOf(type);
        int pack = layout.IsAuto || layout.Pack == 0 ? Largest : layout.Pack;
        (int size, int alignment) = Sequence(FieldsOf(type).Select(Of), pack);
        foreach (IFieldSymbol field in FieldsOf(type))
        {
            size = StructLayout.OffsetOf(field) is { } offset ? Math.Max(size, offset + Of(field).Size) : size;
        }

        size *= StructLayout.RepetitionOf(type) ?? 1;
        return (Math.Max(size, Math.Max(layout.Size, 1)), alignment);
    }

    private static (int Size, int Alignment) Sequence(IEnumerable<(int Size, int Alignment)> parts, int pack)
    {
        int end = 0;
        int largest = 1;
        foreach ((int size, int natural) in parts)
        {
            int alignment = Math.Min(natural, pack);
            largest = Math.Max(largest, alignment);
            end = Round(end, alignment) + size;
        }

        return (Round(end, largest), largest);
    }

    private static int Round(int size, int alignment) => (size + alignment - 1) / alignment * alignment;
}
