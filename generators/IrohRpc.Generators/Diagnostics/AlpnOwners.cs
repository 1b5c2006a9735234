using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>
/// Which contract of a compilation has which ALPN. Contracts come in any order, from several threads; of two with one ALPN, the later in the
/// source is at fault.
/// </summary>
internal sealed class AlpnOwners
{
    private readonly Dictionary<string, (INamedTypeSymbol Contract, Location Location)> _owners = new(StringComparer.Ordinal);

    /// <summary>Adds a claim; where it clashes with an earlier one, gives the place at fault and the name of the contract that has the ALPN.</summary>
    public (Location Location, string OwnerName)? Add(string alpn, INamedTypeSymbol contract, Location location)
    {
        lock (_owners)
        {
            if (!_owners.TryGetValue(alpn, out (INamedTypeSymbol Contract, Location Location) owner))
            {
                _owners.Add(alpn, (contract, location));
                return null;
            }

            if (SymbolEqualityComparer.Default.Equals(owner.Contract, contract))
            {
                return null;
            }

            if (Compare(owner.Location, location) <= 0)
            {
                return (location, owner.Contract.Name);
            }

            _owners[alpn] = (contract, location);
            return (owner.Location, contract.Name);
        }
    }

    private static int Compare(Location left, Location right)
    {
        int byFile = string.CompareOrdinal(left.SourceTree?.FilePath, right.SourceTree?.FilePath);
        return byFile != 0 ? byFile : left.SourceSpan.Start.CompareTo(right.SourceSpan.Start);
    }
}
