using System.Globalization;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Wire;

/// <summary>
/// Names types as they are called on the wire, and numbers all but the first of a name: otherwise two texts that differ in which of them stands where would
/// be one.
/// </summary>
internal sealed class Namesakes
{
    private readonly Dictionary<string, List<ISymbol?>> _names = new(StringComparer.Ordinal);

    /// <summary>The name of <paramref name="type"/>, with its number unless it is the first.</summary>
    /// <param name="type">The type. Its arguments are not part of the name.</param>
    public string NameOf(INamedTypeSymbol type)
    {
        string name = WireNames.Of(type);
        if (!_names.TryGetValue(name, out List<ISymbol?>? namesakes))
        {
            // Somebody's own "list" is the second of that name.
            _names.Add(name, namesakes = WireTypeNames.IsKnown(name) ? [null] : []);
        }

        // Constructions of one generic type are told apart by their arguments, types nested in them are not.
        ISymbol identity = type.TypeArguments.Length > 0 && type.ContainingType is null ? type.OriginalDefinition : type;
        int index = namesakes.FindIndex(other => SymbolEqualityComparer.Default.Equals(other, identity));
        if (index < 0)
        {
            index = namesakes.Count;
            namesakes.Add(identity);
        }

        return index == 0 ? name : $"{name}#{(index + 1).ToString(CultureInfo.InvariantCulture)}";
    }
}
