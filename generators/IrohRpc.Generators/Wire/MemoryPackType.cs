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

    /// <summary>The cases of a union, by tag.</summary>
    public IReadOnlyList<KeyValuePair<int, ITypeSymbol>> UnionCases { get; private init; } = [];

    /// <summary>The interface of a collection that says what its elements are: a dictionary's or a collection's.</summary>
    public INamedTypeSymbol? CollectionInterface { get; private init; }

    /// <summary>Whether MemoryPack's generator makes the type register a formatter for itself.</summary>
    public bool RegistersItself => Kind is not MemoryPackKind.Custom;

    /// <summary>Whether readers and writers take the type without a formatter.</summary>
    public bool IsPackable { get; private init; }

    /// <summary>Reads the annotations of <paramref name="type"/>; false where MemoryPack's generator makes nothing of it.</summary>
    public static bool TryRead(INamedTypeSymbol type, out MemoryPackType? result)
    {
        result = Find(type, "MemoryPackableAttribute") is { } packable ? Annotated(type, packable)
            : ImplementsPackable(type) ? new MemoryPackType(MemoryPackKind.Custom) { IsPackable = true }
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
                Convert.ToInt32(arguments[0].Value, CultureInfo.InvariantCulture), (ITypeSymbol)arguments[1].Value!))
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
            "NoGenerate" => new MemoryPackType(MemoryPackKind.Custom),
            "Collection" when CollectionInterfaceOf(type) is { } elements
                => new MemoryPackType(MemoryPackKind.Collection) { CollectionInterface = elements },
            "VersionTolerant" => new MemoryPackType(MemoryPackKind.VersionTolerant) { Members = MembersOf(type), IsPackable = true },
            "CircularReference" => new MemoryPackType(MemoryPackKind.CircularReference) { Members = MembersOf(type), IsPackable = true },
            _ when type is { IsValueType: true, IsUnmanagedType: true } => new MemoryPackType(MemoryPackKind.Unmanaged) { IsPackable = true },
            _ => new MemoryPackType(MemoryPackKind.Object) { Members = MembersOf(type), IsPackable = true },
        };
    }

    /// <summary>
    /// Public fields and properties that can be read, base types first, ordered by their tags and otherwise as they stand. A member that hides one
    /// of its base takes its name over; an override stays where the base declared it.
    /// </summary>
    private static List<WireMember> MembersOf(INamedTypeSymbol type)
        => [.. BasesFirst(type)
            .SelectMany(level => level.GetMembers())
            .Where(symbol => symbol is (IFieldSymbol or IPropertySymbol)
                and { IsStatic: false, IsImplicitlyDeclared: false, CanBeReferencedByName: true, IsOverride: false })
            .Reverse().GroupBy(symbol => symbol.Name, StringComparer.Ordinal).Select(same => same.First()).Reverse()
            .Where(IsIncluded)
            .Select((symbol, index) => (Symbol: symbol, Order: OrderOf(symbol) ?? index))
            .OrderBy(member => member.Order)
            .Select(member => new WireMember(member.Symbol.Name, TypeOf(member.Symbol), HasCustomFormatter(member.Symbol), member.Order))];

    private static Stack<INamedTypeSymbol> BasesFirst(INamedTypeSymbol type)
    {
        var levels = new Stack<INamedTypeSymbol>();
        for (INamedTypeSymbol? level = type; level is { SpecialType: SpecialType.None }; level = level.BaseType)
        {
            levels.Push(level);
        }

        return levels;
    }

    private static ITypeSymbol TypeOf(ISymbol member) => member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;

    private static bool IsIncluded(ISymbol member)
        => Find(member, "MemoryPackIgnoreAttribute") is null
            && (member.DeclaredAccessibility == Accessibility.Public || Find(member, "MemoryPackIncludeAttribute") is not null)
            && member is not IPropertySymbol { GetMethod: null } and not IPropertySymbol { IsIndexer: true };

    private static int? OrderOf(ISymbol member)
        => Find(member, "MemoryPackOrderAttribute") is { ConstructorArguments: [{ Value: int order }] } ? order : null;

    private static bool HasCustomFormatter(ISymbol member)
        => member.GetAttributes().Any(attribute =>
        {
            for (INamedTypeSymbol? type = attribute.AttributeClass; type is not null; type = type.BaseType)
            {
                if (type.Name == "MemoryPackCustomFormatterAttribute")
                {
                    return true;
                }
            }

            return false;
        });

    private static INamedTypeSymbol? CollectionInterfaceOf(INamedTypeSymbol type)
        => type.AllInterfaces.FirstOrDefault(candidate => IsGenericCollection(candidate, "IDictionary"))
            ?? type.AllInterfaces.FirstOrDefault(candidate => IsGenericCollection(candidate, "ICollection"));

    private static bool IsGenericCollection(INamedTypeSymbol type, string name)
        => type.IsGenericType && type.Name == name && type.ContainingNamespace.ToDisplayString() == "System.Collections.Generic";

    private static bool ImplementsPackable(INamedTypeSymbol type)
        => type.AllInterfaces.Any(candidate => candidate is { Name: "IMemoryPackable", TypeArguments: [{ } self] }
            && IsMemoryPack(candidate) && SymbolEqualityComparer.Default.Equals(self, type));

    private static AttributeData? Find(ISymbol symbol, string attributeName)
        => symbol.GetAttributes().FirstOrDefault(attribute => IsMemoryPack(attribute, attributeName));

    private static bool IsMemoryPack(AttributeData attribute, string name)
        => attribute.AttributeClass is { } type && type.Name == name && IsMemoryPack(type);

    private static bool IsMemoryPack(INamedTypeSymbol type)
        => type.ContainingNamespace is { Name: "MemoryPack", ContainingNamespace.IsGlobalNamespace: true };

    private static string NameOf(ITypeSymbol enumeration, object value)
        => enumeration.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => Equals(field.ConstantValue, value))?.Name ?? "";
}
