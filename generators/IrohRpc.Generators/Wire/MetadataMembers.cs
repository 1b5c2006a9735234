using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>The members of a compiled type in the order of its source, as far as metadata tells.</summary>
/// <remarks>
/// Symbols show no private members, and fields before properties; the tables of a whole assembly have them all, and the fields behind properties stand among
/// the others. A reference assembly has neither.
/// </remarks>
internal static class MetadataMembers
{
    private const FieldAttributes Access = FieldAttributes.FieldAccessMask;

    /// <summary>A function that orders the members of one level; null where there may be members that nobody can see from here.</summary>
    public static Func<INamedTypeSymbol, IReadOnlyList<ISymbol>, IEnumerable<ISymbol>>? Order(INamedTypeSymbol type)
    {
        if (type.ContainingModule?.GetMetadata() is not { } metadata
            || type.ContainingAssembly.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "ReferenceAssemblyAttribute"))
        {
            return null;
        }

        MetadataReader reader = metadata.GetMetadataReader();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        bool isKnown = true;
        foreach (INamedTypeSymbol level in MemoryPackMembers.BasesFirst(type)
            .Where(level => SymbolEqualityComparer.Default.Equals(level.ContainingModule, type.ContainingModule)))
        {
            TypeDefinition definition = reader.GetTypeDefinition(MetadataTokens.TypeDefinitionHandle(MetadataLayout.RowOf(level.OriginalDefinition)));
            isKnown = isKnown && !HidesAny(reader, definition, type) && TryPlace(reader, definition, level, places);
        }

        GC.KeepAlive(metadata);
        return isKnown ? (level, members) => members.OrderBy(member => places[Key(level, member.Name)]) : null;
    }

    private static string Key(INamedTypeSymbol level, string member) => $"{level.ContainingNamespace}.{level.MetadataName} {member}";

    /// <summary>Whether a type has something private that MemoryPack writes, or that keeps it from writing what a base has.</summary>
    private static bool HidesAny(MetadataReader reader, TypeDefinition definition, INamedTypeSymbol type)
    {
        foreach (FieldDefinitionHandle handle in definition.GetFields())
        {
            FieldDefinition field = reader.GetFieldDefinition(handle);
            if (IsHidden(field.Attributes & Access) && (field.Attributes & FieldAttributes.Static) == 0
                && Matters(reader, field.GetCustomAttributes(), reader.GetString(field.Name), type))
            {
                return true;
            }
        }

        foreach (PropertyDefinitionHandle handle in definition.GetProperties())
        {
            PropertyDefinition property = reader.GetPropertyDefinition(handle);
            PropertyAccessors accessors = property.GetAccessors();
            if (IsHidden(reader, accessors.Getter) && !IsHidden(reader, accessors.Setter) && !accessors.Setter.IsNil
                && !property.GetCustomAttributes().Any(attribute => NameOf(reader, attribute) == "MemoryPackIgnoreAttribute"))
            {
                return true;
            }

            if (new[] { accessors.Getter, accessors.Setter }.All(accessor => accessor.IsNil || IsHidden(reader, accessor))
                && Matters(reader, property.GetCustomAttributes(), reader.GetString(property.Name), type))
            {
                return true;
            }
        }

        return definition.GetMethods().Select(reader.GetMethodDefinition).Any(method => method.GetParameters().Count > 0
            && method.GetCustomAttributes().Any(attribute => NameOf(reader, attribute).StartsWith("MemoryPackOn", StringComparison.Ordinal)));
    }

    private static bool Matters(MetadataReader reader, CustomAttributeHandleCollection attributes, string name, INamedTypeSymbol type)
        => attributes.Any(attribute => NameOf(reader, attribute) == "MemoryPackIncludeAttribute") || MemoryPackMembers.FindSeen(type, name) is not null;

    private static bool IsHidden(MetadataReader reader, MethodDefinitionHandle accessor)
        => !accessor.IsNil && IsHidden((FieldAttributes)(reader.GetMethodDefinition(accessor).Attributes & MethodAttributes.MemberAccessMask));

    private static bool IsHidden(FieldAttributes access) => access is FieldAttributes.Private or FieldAttributes.PrivateScope or FieldAttributes.Assembly or FieldAttributes.FamANDAssem;

    private static string NameOf(MetadataReader reader, CustomAttributeHandle attribute)
    {
        EntityHandle constructor = reader.GetCustomAttribute(attribute).Constructor;
        EntityHandle type = constructor.Kind == HandleKind.MemberReference
            ? reader.GetMemberReference((MemberReferenceHandle)constructor).Parent
            : reader.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType();
        return type.Kind switch
        {
            HandleKind.TypeReference => reader.GetString(reader.GetTypeReference((TypeReferenceHandle)type).Name),
            HandleKind.TypeDefinition => reader.GetString(reader.GetTypeDefinition((TypeDefinitionHandle)type).Name),
            _ => "",
        };
    }

    /// <summary>Gives each member that can be seen its place in the source; false where fields and properties mix and a property has no field.</summary>
    private static bool TryPlace(MetadataReader reader, TypeDefinition definition, INamedTypeSymbol level, Dictionary<string, int> places)
    {
        List<ISymbol> members = [.. level.GetMembers().Where(MemoryPackMembers.IsCandidate)];
        bool mixes = members.Exists(member => member is IFieldSymbol) && members.Exists(member => member is IPropertySymbol);
        List<string> fields = [.. definition.GetFields().Select(handle => reader.GetString(reader.GetFieldDefinition(handle).Name))];
        for (int i = 0; i < members.Count; i++)
        {
            int place = mixes ? fields.IndexOf(members[i] is IFieldSymbol ? members[i].Name : $"<{members[i].Name}>k__BackingField") : i;
            if (place < 0)
            {
                return false;
            }

            places[Key(level, members[i].Name)] = place;
        }

        return true;
    }
}
