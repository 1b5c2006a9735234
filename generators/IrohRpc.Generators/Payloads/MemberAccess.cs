using System.Globalization;
using IrohRpc.Generators.Parsing;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Payloads;

/// <summary>How code beside a contract reads the members of a value: by their names, or by an accessor of the runtime's where C# does not let it.</summary>
internal sealed class MemberAccess(ITypeSymbol contract, UnnamedTypes unnamed)
{
    private const string Accessor = "global::System.Runtime.CompilerServices.UnsafeAccessor";

    private static readonly SymbolDisplayFormat WithConstraints = SymbolDisplayFormat.FullyQualifiedFormat
        .WithGenericsOptions(SymbolDisplayGenericsOptions.IncludeTypeParameters | SymbolDisplayGenericsOptions.IncludeTypeConstraints)
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier | SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers);

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly List<string> _declarations = [];

    /// <summary>The accessors.</summary>
    public IEnumerable<string> Declarations => _declarations;

    /// <summary>The expression for a member of <c>value</c>; null where there is none.</summary>
    /// <param name="type">The type of the value.</param>
    /// <param name="member">The member.</param>
    /// <param name="isNeeded">Whether there must be one.</param>
    public string? To(INamedTypeSymbol type, WireMember member, bool isNeeded)
    {
        (INamedTypeSymbol owner, bool isField, ITypeSymbol declared)? found = Find(type, member, out bool isAccessible);
        if (isAccessible)
        {
            return $"value.@{member.Name}";
        }

        if (found is not { } place || !Reachable.From(contract, place.owner) || !Reachable.From(contract, place.declared))
        {
            unnamed.AddIf(isNeeded, found is { } hidden && Reachable.From(contract, hidden.owner) ? hidden.declared : type);
            return null;
        }

        string call = NameOf(place.owner, member.Name, place.isField, place.declared);
        return $"{call}({(type.IsValueType ? "ref " : "")}value)";
    }

    private (INamedTypeSymbol Owner, bool IsField, ITypeSymbol Declared)? Find(INamedTypeSymbol type, WireMember member, out bool isAccessible)
    {
        isAccessible = false;
        int level = 0;
        for (INamedTypeSymbol? owner = type; owner is not null; owner = owner.BaseType, level++)
        {
            if (owner.GetMembers(member.Name).FirstOrDefault(symbol => symbol is IFieldSymbol or IPropertySymbol) is { } found)
            {
                isAccessible = IsAccessible(found, owner);
                return (owner, found is IFieldSymbol, ((found.OriginalDefinition as IFieldSymbol)?.Type ?? ((IPropertySymbol)found.OriginalDefinition).Type));
            }

            if (member.Unseen is { } unseen && unseen.Level == level)
            {
                return DeclaredType(type, level, member) is { } declared ? (owner, unseen.IsField, declared) : null;
            }
        }

        return null;
    }

    /// <summary>The type of an unseen member as its declaration has it; null where the record of the type around says it in other words.</summary>
    private static ITypeSymbol? DeclaredType(INamedTypeSymbol type, int level, WireMember member)
        => !type.IsGenericType && (level == 0 || !BasesOf(type).ElementAt(level).IsGenericType) ? member.Type
            : level == 0 && MemoryPackType.TryRead(type.OriginalDefinition, out MemoryPackType? packed) ? packed!.Members.FirstOrDefault(other => other.Name == member.Name)?.Type
            : null;

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? level = type; level is not null; level = level.BaseType)
        {
            yield return level;
        }
    }

    private bool IsAccessible(ISymbol member, INamedTypeSymbol owner)
    {
        // A compiled property whose getter is private shows none.
        Accessibility accessibility = member is IPropertySymbol property ? property.GetMethod?.DeclaredAccessibility ?? Accessibility.Private : member.DeclaredAccessibility;
        return accessibility == Accessibility.Public
            || (accessibility is Accessibility.Internal or Accessibility.ProtectedOrInternal
                && SymbolEqualityComparer.Default.Equals(owner.ContainingAssembly, contract.ContainingAssembly));
    }

    // The runtime finds members by the declaration of a generic type, so that its accessor is generic as well.
    private string NameOf(INamedTypeSymbol owner, string member, bool isField, ITypeSymbol declared)
    {
        INamedTypeSymbol definition = owner.OriginalDefinition;
        string key = $"{CodeNames.WithoutNullability(definition)} {member}";
        if (!_names.TryGetValue(key, out string name))
        {
            name = $"Member{_names.Count.ToString(CultureInfo.InvariantCulture)}";
            _names.Add(key, name);
            string kind = isField ? $"Field, Name = \"{member}\"" : $"Method, Name = \"get_{member}\"";
            string attribute = $"[{Accessor}({Accessor}Kind.{kind})]";
            string result = isField ? "ref " + CodeNames.Of(declared) : CodeNames.Of(declared);
            string parameter = $"{(owner.IsValueType ? "ref " : "")}{CodeNames.WithoutNullability(definition)} value";
            _declarations.Add(definition.TypeParameters.Length == 0
                ? $"{attribute}\nprivate static extern {result} {name}({parameter});"
                : $"private static class {name}{Parameters(definition)}\n{{\n    {attribute}\n    internal static extern {result} Of({parameter});\n}}");
        }

        return definition.TypeParameters.Length == 0 ? name : $"{name}<{string.Join(", ", owner.TypeArguments.Select(CodeNames.Of))}>.Of";
    }

    private static string Parameters(INamedTypeSymbol definition)
    {
        string list = "<" + string.Join(", ", definition.TypeParameters.Select(parameter => CodeNames.Escape(parameter.Name))) + ">";
        string constraints = definition.ToDisplayString(WithConstraints);
        int where = constraints.IndexOf(" where ", StringComparison.Ordinal);
        return where < 0 ? list : list + constraints.Substring(where);
    }
}
