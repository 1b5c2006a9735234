using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators.Wire;

/// <summary>
/// The members that MemoryPack writes of an object, in its order: public fields and properties that can be read, base types first, by their order numbers
/// and otherwise as they stand. A member that hides one of its base takes its name over; an override stays where the base declared it.
/// </summary>
/// <remarks>
/// What counts is what MemoryPack's generator saw when it ran, in the project that declares the type. A compiled project shows others less: no private
/// members, and all fields before all properties. <see cref="RecordedMembers"/> is what our generator leaves there to make up for that.
/// </remarks>
internal static class MemoryPackMembers
{
    private static readonly string[] Callbacks =
        ["MemoryPackOnSerializingAttribute", "MemoryPackOnSerializedAttribute", "MemoryPackOnDeserializingAttribute", "MemoryPackOnDeserializedAttribute"];

    /// <summary>The members; null where the project that declares the type does not show them all.</summary>
    public static IReadOnlyList<WireMember>? Of(INamedTypeSymbol type)
    {
        if (IsInSource(type))
        {
            return Described(Included(type, static _ => true));
        }

        if (RecordedMembers.Find(type) is { } record)
        {
            return record.Members(type);
        }

        if (RecordedMembers.AreMadeIn(type.ContainingAssembly))
        {
            return Described(Included(type, static _ => true));
        }

        return MetadataMembers.Order(type) is { } order ? Described(Included(type, static _ => true, order)) : null;
    }

    /// <summary>Whether other projects, which see the type compiled, would find other members or another order; only for a type in source.</summary>
    public static bool DifferOutside(INamedTypeSymbol type)
        => !Included(type, static _ => true).SequenceEqual(
            Included(type, symbol => !IsOfSameAssembly(symbol, type) || IsSeenOutside(symbol), FieldsFirst), SymbolEqualityComparer.Default);

    /// <summary>
    /// Whether <see cref="DifferOutside"/> or <see cref="WritesByItself"/> may hold, without binding anything: this is asked of every type after every edit.
    /// </summary>
    public static bool MayDifferOutside(INamedTypeSymbol type)
    {
        bool hasFields = false;
        bool hasProperties = false;
        foreach (ISymbol member in BasesFirst(type).Where(level => IsOfSameAssembly(level, type)).SelectMany(level => level.GetMembers()))
        {
            if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary, Parameters.Length: > 0 } && HasAttributes(member))
            {
                return true;
            }

            if (!IsCandidate(member))
            {
                continue;
            }

            bool isSeen = IsSeenOutside(member);
            hasFields |= isSeen && member is IFieldSymbol;
            hasProperties |= isSeen && member is IPropertySymbol;
            if ((hasFields && hasProperties) || (!isSeen && (member.DeclaredAccessibility == Accessibility.Public || HasAttributes(member) || HidesAny(type, member))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether code of the user's writes before or behind the members.</summary>
    public static bool WritesByItself(INamedTypeSymbol type)
        => RecordedMembers.Find(type)?.IsCustom
            ?? BasesFirst(type).SelectMany(level => level.GetMembers().OfType<IMethodSymbol>())
                .Any(method => method.Parameters.Length > 0 && method.GetAttributes().Any(attribute => Callbacks.Contains(attribute.AttributeClass?.Name)));

    /// <summary>The member by its name, among those that can be seen here.</summary>
    public static ISymbol? FindSeen(INamedTypeSymbol type, string name)
        => Included(type, static _ => true).FirstOrDefault(symbol => symbol.Name == name);

    /// <summary>How many bases up a member that can be seen is declared, and whether it is a field.</summary>
    public static (int Level, bool IsField) PlaceOf(INamedTypeSymbol type, ISymbol member)
        => (BasesFirst(type).Reverse().TakeWhile(level => !SymbolEqualityComparer.Default.Equals(level, member.ContainingType)).Count(), member is IFieldSymbol);

    /// <summary>A member as the wire has it.</summary>
    public static WireMember Describe(ISymbol member, int index)
        => new(member.Name, TypeOf(member), FormatterNames.Of(member), OrderOf(member) ?? index);

    /// <summary>The number that the member has by its attribute.</summary>
    public static int? OrderOf(ISymbol member)
        => MemoryPackType.Find(member, "MemoryPackOrderAttribute") is { ConstructorArguments: [{ Value: int order }] } ? order : null;

    /// <summary>The type and its bases but for <c>object</c> and <c>ValueType</c>, outermost base first.</summary>
    public static Stack<INamedTypeSymbol> BasesFirst(INamedTypeSymbol type)
    {
        var levels = new Stack<INamedTypeSymbol>();
        for (INamedTypeSymbol? level = type; level is { SpecialType: SpecialType.None }; level = level.BaseType)
        {
            levels.Push(level);
        }

        return levels;
    }

    /// <summary>Whether a symbol is something that could be a member on the wire, included or not.</summary>
    public static bool IsCandidate(ISymbol symbol)
        => symbol is (IFieldSymbol or IPropertySymbol) and { IsStatic: false, IsImplicitlyDeclared: false, CanBeReferencedByName: true, IsOverride: false };

    /// <summary>Whether the projects that refer to the one of <paramref name="symbol"/> see it.</summary>
    public static bool IsSeenOutside(ISymbol symbol)
        => IsSeen((symbol is IPropertySymbol { GetMethod: { } getter } ? getter : symbol).DeclaredAccessibility);

    private static bool IsSeen(Accessibility accessibility) => accessibility is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;

    /// <summary>Whether a member is declared in the project of <paramref name="type"/>, so that MemoryPack saw it in source.</summary>
    public static bool IsOfSameAssembly(ISymbol symbol, INamedTypeSymbol type)
        => SymbolEqualityComparer.Default.Equals(symbol.ContainingAssembly, type.ContainingAssembly);

    private static bool HidesAny(INamedTypeSymbol type, ISymbol member) => BasesFirst(type).Sum(level => level.GetMembers(member.Name).Length) > 1;

    private static bool HasAttributes(ISymbol member)
        => member.DeclaringSyntaxReferences.Any(reference =>
        {
            SyntaxNode? node = reference.GetSyntax();
            while (node is not null and not MemberDeclarationSyntax)
            {
                node = node.Parent;
            }

            return node is MemberDeclarationSyntax { AttributeLists.Count: > 0 };
        });

    private static bool IsInSource(INamedTypeSymbol type) => type.Locations.Any(location => location.IsInSource);

    private static IReadOnlyList<WireMember> Described(IEnumerable<ISymbol> members)
        => [.. members.Select(Describe).OrderBy(member => member.Number)];

    private static List<ISymbol> Included(
        INamedTypeSymbol type, Func<ISymbol, bool> isSeen, Func<INamedTypeSymbol, IReadOnlyList<ISymbol>, IEnumerable<ISymbol>>? order = null)
        => [.. BasesFirst(type)
            .SelectMany(level =>
            {
                List<ISymbol> candidates = [.. level.GetMembers().Where(symbol => IsCandidate(symbol) && isSeen(symbol))];
                return order is null || !SymbolEqualityComparer.Default.Equals(level.ContainingAssembly, type.ContainingAssembly)
                    ? candidates
                    : order(level, candidates);
            })
            .Reverse().GroupBy(symbol => symbol.Name, StringComparer.Ordinal).Select(same => same.First()).Reverse()
            .Where(IsIncluded)
            .Select((symbol, index) => (Symbol: symbol, Order: OrderOf(symbol) ?? index))
            .OrderBy(member => member.Order)
            .Select(member => member.Symbol)];

    private static IEnumerable<ISymbol> FieldsFirst(INamedTypeSymbol level, IReadOnlyList<ISymbol> members)
        => members.OrderBy(static member => member is IFieldSymbol ? 0 : 1);

    private static ITypeSymbol TypeOf(ISymbol member) => member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;

    private static bool IsIncluded(ISymbol member)
        => MemoryPackType.Find(member, "MemoryPackIgnoreAttribute") is null
            && (member.DeclaredAccessibility == Accessibility.Public || MemoryPackType.Find(member, "MemoryPackIncludeAttribute") is not null)
            && member is not IPropertySymbol { GetMethod: null } and not IPropertySymbol { IsIndexer: true };
}
