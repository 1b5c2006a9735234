using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Payloads;

/// <summary>The types that generated code would have to name and cannot, such as private ones within a value's type.</summary>
internal sealed class UnnamedTypes
{
    private ITypeSymbol? _first;

    /// <summary>Notes a type.</summary>
    public void Add(ITypeSymbol type) => _first ??= type;

    /// <summary>Notes a type where a condition holds.</summary>
    public void AddIf(bool condition, ITypeSymbol type)
    {
        if (condition)
        {
            Add(type);
        }
    }

    /// <summary>The first type since this was asked last; null where there is none.</summary>
    public ITypeSymbol? Take()
    {
        ITypeSymbol? first = _first;
        _first = null;
        return first;
    }
}
