using System.Collections;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

/// <summary>
/// The statements that register formatters for the collections and the like among a contract's values. MemoryPack would make them by
/// reflection on first use, which neither trimming nor Native AOT allows; for members of annotated types its own generator does this.
/// </summary>
internal sealed class FormatterSet : IEnumerable<string>
{
    private const string Provider = "global::MemoryPack.MemoryPackFormatterProvider";

    private readonly HashSet<ITypeSymbol> _seen = new(SymbolEqualityComparer.Default);
    private readonly List<string> _statements = [];

    /// <summary>Adds what <paramref name="type"/> and its type arguments need, the inner ones first.</summary>
    public void AddFor(ITypeSymbol type)
    {
        if (!_seen.Add(type) || WireTypeNames.TryGetScalar(type, out _))
        {
            return;
        }

        switch (type)
        {
            case IArrayTypeSymbol array:
                AddFor(array.ElementType);
                Register(type, ArrayFormatter(array.Rank), CodeNames.Of(array.ElementType));
                break;
            case INamedTypeSymbol named when MemoryPackType.TryRead(named, out MemoryPackType? packed):
                if (packed!.RegistersItself)
                {
                    string name = CodeNames.WithoutNullability(type);
                    _statements.Add($"if (!{Provider}.IsRegistered<{name}>()) {Provider}.Register<{name}>();");
                }

                break;
            case INamedTypeSymbol { IsGenericType: true } named when WireTypeNames.TryGetFormatter(named, out string? formatter):
                foreach (ITypeSymbol argument in named.TypeArguments)
                {
                    AddFor(argument);
                }

                Register(type, formatter!, string.Join(", ", named.TypeArguments.Select(CodeNames.Of)));
                break;
            case { IsValueType: true, IsUnmanagedType: true }:
                Register(type, "Unmanaged", CodeNames.WithoutNullability(type));
                break;
        }
    }

    public IEnumerator<string> GetEnumerator() => _statements.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static string ArrayFormatter(int rank) => rank switch
    {
        1 => "Array",
        2 => "TwoDimensionalArray",
        3 => "ThreeDimensionalArray",
        _ => "FourDimensionalArray",
    };

    private void Register(ITypeSymbol type, string formatter, string arguments)
    {
        string name = type.IsReferenceType ? CodeNames.WithoutNullability(type) : CodeNames.Of(type);
        _statements.Add(
            $"if (!{Provider}.IsRegistered<{name}>()) {Provider}.Register(new global::MemoryPack.Formatters.{formatter}Formatter<{arguments}>());");
    }
}
