using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

/// <summary>The aliases of assemblies that code reaches by an <c>extern alias</c> alone.</summary>
internal sealed class ExternAliases
{
    private static readonly ConditionalWeakTable<Compilation, ExternAliases> Known = new();

    private readonly Dictionary<IAssemblySymbol, string> _aliases = new(SymbolEqualityComparer.Default);

    private ExternAliases(Compilation compilation)
    {
        foreach (MetadataReference reference in compilation.References)
        {
            if (reference.Properties.Aliases is { IsDefaultOrEmpty: false } aliases && !aliases.Contains(MetadataReferenceProperties.GlobalAlias)
                && compilation.GetAssemblyOrModuleSymbol(reference) is IAssemblySymbol assembly)
            {
                _aliases[assembly] = aliases[0];
            }
        }
    }

    /// <summary>Whether there is none, as in almost every project.</summary>
    public bool IsEmpty => _aliases.Count == 0;

    public static ExternAliases Of(Compilation compilation) => Known.GetValue(compilation, static compilation => new ExternAliases(compilation));

    /// <summary>The alias of the assembly that declares <paramref name="type"/>; null where it can be reached without.</summary>
    public string? Find(INamedTypeSymbol type)
        => type.ContainingAssembly is { } assembly && _aliases.TryGetValue(assembly, out string? alias) ? alias : null;
}
