using IrohRpc.Generators.Parsing;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;
using static IrohRpc.Generators.Emission.RuntimeNames;

namespace IrohRpc.Generators.Payloads;

/// <summary>
/// The statements that put formatters of the runtime's into the place of those of MemoryPack's that are not safe for what strangers send, or do not bring a
/// value over.
/// </summary>
internal static class ReplacedFormatters
{
    private const string Formatters = Services + ".PayloadFormatters";

    private static readonly HashSet<string> Hashed = new(StringComparer.Ordinal)
    {
        "Dictionary", "IDictionary", "IReadOnlyDictionary", "ConcurrentDictionary", "FrozenDictionary", "ImmutableDictionary", "IImmutableDictionary",
        "HashSet", "ISet", "IReadOnlySet", "FrozenSet", "ImmutableHashSet", "IImmutableSet", "ILookup",
    };

    /// <summary>What stands in a statement for the class with the contract's shapes.</summary>
    public const string Shapes = "{Shapes}";

    /// <summary>Whether MemoryPack's formatter for a type will not do.</summary>
    public static bool AreNeededFor(ITypeSymbol type)
    {
        if (WireTypeNames.TryGetScalar(type, out string? scalar))
        {
            return scalar is "bigint" or "bits" or "timezone" or "culture" or "endpointticket" or "endpointaddress";
        }

        return type is IArrayTypeSymbol { Rank: > 1 }
            || (type is INamedTypeSymbol { IsGenericType: true } named && WireTypeNames.TryGetFormatter(named, out _)
                && (IsEnumerable(named) || named.Name is "SortedList" or "ConcurrentDictionary" || IsHashed(named)));
    }

    /// <summary>The statement for such a type.</summary>
    public static string StatementFor(ITypeSymbol type, DepthWalks walks)
    {
        if (WireTypeNames.TryGetScalar(type, out string? scalar))
        {
            return scalar switch
            {
                "bigint" => $"{Formatters}.ReplaceBigInteger();",
                "bits" => $"{Formatters}.ReplaceBitArray();",
                "timezone" => $"{Formatters}.ReplaceTimeZoneInfo();",
                "endpointticket" => $"{Formatters}.ReplaceEndpointTicket();",
                "endpointaddress" => $"{Formatters}.ReplaceEndpointAddress();",
                _ => $"{Formatters}.ReplaceCultureInfo();",
            };
        }

        if (type is IArrayTypeSymbol array)
        {
            string element = CodeNames.Of(array.ElementType);
            return $"{Formatters}.ReplaceGrid(new {MemoryPack}.Formatters.{NameOf(array.Rank)}ArrayFormatter<{element}>(), global::System.Runtime.CompilerServices.Unsafe.SizeOf<{element}>());";
        }

        var named = (INamedTypeSymbol)type;
        string arguments = string.Join(", ", named.TypeArguments.Select(CodeNames.Of));
        if (named.Name == "SortedList")
        {
            return $"{Formatters}.Replace(new {Services}.SortedListFormatter<{arguments}>());";
        }

        if (IsEnumerable(named))
        {
            string look = walks.DepthMethodFor(named.TypeArguments[0]) is { } method ? $"{Shapes}.{method}" : "";
            return $"{Formatters}.Replace(new {Services}.EnumerableFormatter<{arguments}>({look}));";
        }

        // Sets compare items that may be null, as far as the compiler knows.
        WireTypeNames.TryGetFormatter(named, out string? formatter);
        string comparer = $"{Formatters}.{(IsFrozen(named) ? "FrozenKeys" : "Keys")}<{CodeNames.Of(named.TypeArguments[0])}>()!";
        string comparers = named.Name is "ImmutableDictionary" or "IImmutableDictionary" ? comparer + ", null" : comparer;
        string creation = named.Name == "ConcurrentDictionary"
            ? $"new {Services}.ConcurrentDictionaryFormatter<{arguments}>({comparer})"
            : $"new {MemoryPack}.Formatters.{formatter}Formatter<{arguments}>({comparers})";
        return named.TypeArguments.Length == 2 && named.Name != "ILookup" && named.TypeArguments.All(FixedTypes.IsFixed)
            ? $"{Formatters}.ReplaceMap<{CodeNames.WithoutNullability(named)}, {arguments}>({creation}!);"
            : $"{Formatters}.Replace({creation});";
    }

    private static bool IsEnumerable(INamedTypeSymbol type) => type is { Name: "IEnumerable", TypeKind: TypeKind.Interface };

    private static bool IsHashed(INamedTypeSymbol type)
        => Hashed.Contains(type.Name) && (type.TypeArguments[0].SpecialType != SpecialType.System_String || IsFrozen(type));

    // These hash strings without a seed.
    private static bool IsFrozen(INamedTypeSymbol type) => type.Name is "FrozenDictionary" or "FrozenSet";

    private static string NameOf(int rank) => rank switch
    {
        2 => "TwoDimensional",
        3 => "ThreeDimensional",
        _ => "FourDimensional",
    };
}
