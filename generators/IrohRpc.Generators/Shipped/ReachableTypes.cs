using System.Globalization;
using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Shipped;

/// <summary>Describes the types that the methods of one version reach, each once, under a name that is its own among them.</summary>
/// <remarks>
/// The rules are those of <see cref="WireSchema"/>, whose text the ids are made from; that text has each type where it first occurs, and leaves the members
/// of types that tolerate versions out. Types come here only after that one found nothing wrong with them.
/// </remarks>
internal sealed class ReachableTypes(CancellationToken cancellationToken)
{
    private readonly Dictionary<string, ShippedType> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, INamedTypeSymbol> _symbols = new(StringComparer.Ordinal);
    private readonly Namesakes _names = new();

    /// <summary>The lines of the types so far, by name.</summary>
    public IReadOnlyDictionary<string, ShippedType> Lines => _types;

    /// <summary>Their declarations.</summary>
    public IReadOnlyDictionary<string, INamedTypeSymbol> Symbols => _symbols;

    /// <summary>How a line names <paramref name="type"/>.</summary>
    public string NameOf(ITypeSymbol type)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return type switch
        {
            _ when WireTypeNames.TryGetScalar(type, out string? scalar) => scalar!,
            IArrayTypeSymbol { Rank: 1 } array => Generic("list", array.ElementType),
            IArrayTypeSymbol array => Generic("array" + array.Rank.ToString(CultureInfo.InvariantCulture), array.ElementType),
            INamedTypeSymbol { TypeKind: TypeKind.Enum } enumeration when !FrameworkTypes.Has(enumeration) => Named(enumeration, EnumOf),
            INamedTypeSymbol { IsTupleType: true } tuple => Generic("tuple", [.. tuple.TupleElements.Select(element => element.Type)]),
            INamedTypeSymbol named when WireTypeNames.TryGetGeneric(named, out string? name) => Generic(name!, [.. named.TypeArguments]),
            INamedTypeSymbol named when MemoryPackType.TryRead(named, out MemoryPackType? packed) => Packed(named, packed!),
            INamedTypeSymbol structure => Struct(structure),
            _ => type.Name,
        };
    }

    private static EquatableArray<ShippedMember> EnumMembers(INamedTypeSymbol enumeration)
        => new([.. WireSchema.MembersOf(enumeration).Select(member => new ShippedMember(member.Key, null, member.Value))]);

    private static ShippedType EnumOf(string name, INamedTypeSymbol enumeration)
    {
        WireTypeNames.TryGetScalar(enumeration.EnumUnderlyingType!, out string? underlying);
        return new ShippedType(name, ShippedForm.Enum, underlying!, EnumMembers(enumeration));
    }

    private string Generic(string name, params ITypeSymbol[] arguments) => $"{name}<{string.Join(", ", arguments.Select(NameOf))}>";

    private string Packed(INamedTypeSymbol type, MemoryPackType packed) => packed.Kind switch
    {
        MemoryPackKind.Collection
            => Generic(packed.CollectionInterface!.Name == "IDictionary" ? "map" : "list", [.. packed.CollectionInterface.TypeArguments]),
        MemoryPackKind.Unmanaged => Struct(type),
        MemoryPackKind.Custom => Named(type, (name, _) => new ShippedType(name, ShippedForm.Custom, "", EquatableArray<ShippedMember>.Empty)),
        MemoryPackKind.Union => Named(type, (name, _) => new ShippedType(name, ShippedForm.Union, "", UnionCases(packed))),
        MemoryPackKind.VersionTolerant => Named(type, (name, _) => WithMembers(name, ShippedForm.VersionTolerant, "", packed.Members)),
        MemoryPackKind.CircularReference => Named(type, (name, _) => WithMembers(name, ShippedForm.CircularReference, "", packed.Members)),
        _ => Named(type, (name, _) => WithMembers(name, ShippedForm.Object, "", packed.Members)),
    };

    private string Struct(INamedTypeSymbol type) => FrameworkTypes.Has(type)
        ? Framework(type) + "()"
        : Named(type, (name, symbol) => WithMembers(name, ShippedForm.Struct, StructLayout.Describe(symbol), StructLayout.FieldsOf(symbol)));

    private string Framework(INamedTypeSymbol type)
        => FrameworkTypes.ArgumentsOf(type).ToArray() is { Length: > 0 } arguments ? Generic(FrameworkTypes.NameOf(type), arguments) : FrameworkTypes.NameOf(type);

    private EquatableArray<ShippedMember> UnionCases(MemoryPackType packed) => new([.. packed.UnionCases
        .Select(unionCase => new ShippedMember(unionCase.Key.ToString(CultureInfo.InvariantCulture), null, NameOf(unionCase.Value)))]);

    private ShippedType WithMembers(string name, ShippedForm form, string detail, IEnumerable<WireMember> members)
    {
        bool numbered = form is ShippedForm.VersionTolerant or ShippedForm.CircularReference;
        return new ShippedType(name, form, detail, new EquatableArray<ShippedMember>([.. members.Select(member => new ShippedMember(
            ShippedText.Escape(member.Name),
            numbered ? member.Number : null,
            member.Formatter ?? NameOf(member.Type)))]));
    }

    private string Named(INamedTypeSymbol type, Func<string, INamedTypeSymbol, ShippedType> describe)
    {
        string name = _names.NameOf(type);
        name = type.TypeArguments.Length == 0 ? name : Generic(name, [.. type.TypeArguments]);
        if (!_symbols.ContainsKey(name))
        {
            // Known before its members are, which may lead back to it.
            _symbols.Add(name, type);
            _types.Add(name, describe(name, type));
        }

        return name;
    }
}
