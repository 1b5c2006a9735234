using System.Globalization;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>What MemoryPack's generator makes of an annotated type: how it is written, and its members in the order of the wire.</summary>
internal sealed class MemoryPackType
{
    private MemoryPackType(MemoryPackKind kind) => Kind = kind;

    public MemoryPackKind Kind { get; }

    /// <summary>The members of an object.</summary>
    public IReadOnlyList<WireMember> Members { get; private init; } = [];

    /// <summary>Whether the type comes from a compiled project that does not show all of its members; <see cref="Members"/> is empty then.</summary>
    public bool HasUnseenMembers { get; private init; }

    /// <summary>The cases of a union, by tag.</summary>
    public IReadOnlyList<KeyValuePair<int, ITypeSymbol>> UnionCases { get; private init; } = [];

    /// <summary>The interface of a collection that says what its elements are: a dictionary's or a collection's.</summary>
    public INamedTypeSymbol? CollectionInterface { get; private init; }

    /// <summary>Whether MemoryPack's generator makes the type register a formatter for itself.</summary>
    public bool RegistersItself { get; private init; } = true;

    /// <summary>Whether readers and writers take the type without a formatter.</summary>
    public bool IsPackable { get; private init; }

    /// <summary>Reads the annotations of <paramref name="type"/>; false where MemoryPack's generator makes nothing of it.</summary>
    public static bool TryRead(INamedTypeSymbol type, out MemoryPackType? result)
    {
        result = Find(type, "MemoryPackableAttribute") is { } packable ? Annotated(type, packable)
            : ImplementsPackable(type) ? new MemoryPackType(MemoryPackKind.Custom) { IsPackable = true, RegistersItself = false }
            : null;
        return result is not null;
    }

    private static MemoryPackType Annotated(INamedTypeSymbol type, AttributeData packable)
    {
        List<KeyValuePair<int, ITypeSymbol>> cases = [.. type.GetAttributes()
            .Where(attribute => IsMemoryPack(attribute, "MemoryPackUnionAttribute"))
            .Select(attribute => attribute.ConstructorArguments)
            .Where(arguments => arguments is [_, { Value: ITypeSymbol }])
            .Select(arguments => new KeyValuePair<int, ITypeSymbol>(
                Convert.ToInt32(arguments[0].Value, CultureInfo.InvariantCulture), CaseOf(type, (ITypeSymbol)arguments[1].Value!)))
            .OrderBy(unionCase => unionCase.Key)];
        if (cases.Count > 0)
        {
            return new MemoryPackType(MemoryPackKind.Union) { UnionCases = cases };
        }

        string generateType = packable.ConstructorArguments.FirstOrDefault(argument => argument.Type?.Name == "GenerateType") is { Value: { } value } given
            ? NameOf(given.Type!, value)
            : "Object";
        return generateType switch
        {
            "NoGenerate" => new MemoryPackType(MemoryPackKind.Custom) { RegistersItself = false },
            "Collection" when CollectionInterfaceOf(type) is { } elements
                => new MemoryPackType(MemoryPackKind.Collection) { CollectionInterface = elements },
            "VersionTolerant" => Object(type, MemoryPackKind.VersionTolerant),
            "CircularReference" => Object(type, MemoryPackKind.CircularReference),
            _ when type is { IsValueType: true, IsUnmanagedType: true } => new MemoryPackType(MemoryPackKind.Unmanaged) { IsPackable = true },
            _ => Object(type, MemoryPackKind.Object),
        };
    }

    private static MemoryPackType Object(INamedTypeSymbol type, MemoryPackKind kind)
    {
        if (MemoryPackMembers.WritesByItself(type))
        {
            return new MemoryPackType(MemoryPackKind.Custom) { IsPackable = true };
        }

        IReadOnlyList<WireMember>? members = MemoryPackMembers.Of(type);
        return new MemoryPackType(kind) { Members = members ?? [], HasUnseenMembers = members is null, IsPackable = true };
    }

    /// <summary>A case of a generic union is named without arguments; it has the union's.</summary>
    private static ITypeSymbol CaseOf(INamedTypeSymbol union, ITypeSymbol unionCase)
        => unionCase is INamedTypeSymbol { IsUnboundGenericType: true } open && open.OriginalDefinition.TypeParameters.Length == union.TypeArguments.Length
            ? open.OriginalDefinition.Construct([.. union.TypeArguments])
            : unionCase;

    private static INamedTypeSymbol? CollectionInterfaceOf(INamedTypeSymbol type)
        => type.AllInterfaces.FirstOrDefault(candidate => IsGenericCollection(candidate, "IDictionary"))
            ?? type.AllInterfaces.FirstOrDefault(candidate => IsGenericCollection(candidate, "ICollection"));

    private static bool IsGenericCollection(INamedTypeSymbol type, string name)
        => type.IsGenericType && type.Name == name && type.ContainingNamespace.ToDisplayString() == "System.Collections.Generic";

    private static bool ImplementsPackable(INamedTypeSymbol type)
        => type.AllInterfaces.Any(candidate => candidate is { Name: "IMemoryPackable", TypeArguments: [{ } self] }
            && IsMemoryPack(candidate) && SymbolEqualityComparer.Default.Equals(self, type));

    /// <summary>The attribute of MemoryPack's that is called so.</summary>
    public static AttributeData? Find(ISymbol symbol, string attributeName)
        => symbol.GetAttributes().FirstOrDefault(attribute => IsMemoryPack(attribute, attributeName));

    private static bool IsMemoryPack(AttributeData attribute, string name)
        => attribute.AttributeClass is { } type && type.Name == name && IsMemoryPack(type);

    private static bool IsMemoryPack(INamedTypeSymbol type)
        => type.ContainingNamespace is { Name: "MemoryPack", ContainingNamespace.IsGlobalNamespace: true };

    private static string NameOf(ITypeSymbol enumeration, object value)
        => enumeration.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => Equals(field.ConstantValue, value))?.Name ?? "";
}
