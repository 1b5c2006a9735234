using IrohRpc.Generators.Parsing;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Payloads;

/// <summary>
/// Collections of values that are copied as they stand, which MemoryPack's writer copies at once. It counts their bytes in an <see cref="int"/>, so that a block of
/// two gigabytes or more would be written beyond the buffer.
/// </summary>
internal static class Blocks
{
    private static readonly HashSet<string> Structs = new(StringComparer.Ordinal) { "Memory", "ReadOnlyMemory", "ReadOnlySequence" };

    private static readonly HashSet<string> Counted = new(StringComparer.Ordinal)
    {
        "List", "IList", "ICollection", "IReadOnlyCollection", "IReadOnlyList", "ArraySegment",
    };

    /// <summary>Whether a type is such a collection, of elements of more than one byte: an array of bytes can never be so large.</summary>
    public static bool IsOne(ITypeSymbol type) => ElementOf(type) is { } element && FixedTypes.IsFixed(element) && !IsByte(element);

    /// <summary>The statement that refuses a block which is too large.</summary>
    public static string Check(ITypeSymbol type, string expression)
    {
        string element = CodeNames.Of(ElementOf(type)!);
        string count = type switch
        {
            IArrayTypeSymbol => $"{expression}?.Length ?? 0",
            { Name: "ImmutableArray" } => $"{expression}.IsDefault ? 0 : {expression}.Length",
            { IsValueType: true } when Structs.Contains(type.Name) => $"{expression}.Length",
            { IsValueType: true } => $"{expression}.Count",
            { Name: "IEnumerable" } => $"({expression} as global::System.Collections.Generic.ICollection<{element}>)?.Count ?? 0",
            _ => $"{expression}?.Count ?? 0",
        };
        return $"{Emission.RuntimeNames.Services}.PayloadDepth.RequireRoom<{element}>({count});";
    }

    private static ITypeSymbol? ElementOf(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
        INamedTypeSymbol { TypeArguments: [{ } element] } named when WireTypeNames.TryGetGeneric(named, out string? kind) && kind == "list"
            && (Structs.Contains(named.Name) || Counted.Contains(named.Name) || named.Name is "ImmutableArray" or "IEnumerable") => element,
        _ => null,
    };

    private static bool IsByte(ITypeSymbol type)
        => (type is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? underlying.SpecialType : type.SpecialType)
            is SpecialType.System_Byte or SpecialType.System_SByte or SpecialType.System_Boolean;
}
