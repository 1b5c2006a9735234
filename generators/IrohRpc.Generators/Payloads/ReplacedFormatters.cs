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

    /// <summary>The statement for a type; null where MemoryPack's formatter will do.</summary>
    public static string? StatementFor(ITypeSymbol contract, ITypeSymbol type)
    {
        if (WireTypeNames.TryGetScalar(type, out string? scalar))
        {
            return scalar switch
            {
                "bigint" => $"{Formatters}.ReplaceBigInteger();",
                "bits" => $"{Formatters}.ReplaceBitArray();",
                "timezone" => $"{Formatters}.ReplaceTimeZoneInfo();",
                "culture" => $"{Formatters}.ReplaceCultureInfo();",
                "endpointticket" => $"{Formatters}.ReplaceEndpointTicket();",
                "endpointaddress" => $"{Formatters}.ReplaceEndpointAddress();",
                _ => null,
            };
        }

        if (!Reachable.From(contract, type))
        {
            return null;
        }

        if (type is IArrayTypeSymbol { Rank: > 1 } array)
        {
            string element = CodeNames.Of(array.ElementType);
            return $"{Formatters}.ReplaceGrid(new {MemoryPack}.Formatters.{NameOf(array.Rank)}ArrayFormatter<{element}>(), global::System.Runtime.CompilerServices.Unsafe.SizeOf<{element}>());";
        }

        if (type is not INamedTypeSymbol { IsGenericType: true } named || !WireTypeNames.TryGetFormatter(named, out string? formatter))
        {
            return null;
        }

        string arguments = string.Join(", ", named.TypeArguments.Select(CodeNames.Of));
        if (named.Name == "SortedList")
        {
            return $"{Formatters}.Replace(new {Services}.SortedListFormatter<{arguments}>());";
        }

        if (named is { Name: "IEnumerable", TypeKind: TypeKind.Interface })
        {
            return $"{Formatters}.Replace(new {Services}.EnumerableFormatter<{arguments}>());";
        }

        ITypeSymbol key = named.TypeArguments[0];
        if (!Hashed.Contains(named.Name) || key.SpecialType == SpecialType.System_String)
        {
            return null;
        }

        // Sets compare items that may be null, as far as the compiler knows.
        string comparer = $"{Formatters}.Keys<{CodeNames.Of(key)}>()!";
        string comparers = named.Name is "ImmutableDictionary" or "IImmutableDictionary" ? comparer + ", null" : comparer;
        string creation = $"new {MemoryPack}.Formatters.{formatter}Formatter<{arguments}>({comparers})";
        return named.TypeArguments.Length == 2 && named.Name != "ILookup" && named.TypeArguments.All(FixedTypes.IsFixed)
            ? $"{Formatters}.ReplaceMap<{CodeNames.WithoutNullability(named)}, {arguments}>({creation}!);"
            : $"{Formatters}.Replace({creation});";
    }

    private static string NameOf(int rank) => rank switch
    {
        2 => "TwoDimensional",
        3 => "ThreeDimensional",
        _ => "FourDimensional",
    };
}
