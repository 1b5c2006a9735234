using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

/// <summary>What a contract has from the contracts that it inherits.</summary>
internal static class InheritedVersions
{
    /// <summary>
    /// The inherited contracts that are older versions of this one, newest first: those with an ALPN of the same protocol. A contract that is
    /// inherited for its methods alone belongs to another protocol, and peers who speak that do not speak this one.
    /// </summary>
    public static IEnumerable<INamedTypeSymbol> Of(INamedTypeSymbol contract, IReadOnlyList<string> alpns)
        => contract.AllInterfaces.Where(inherited => KnownTypes.IsContract(inherited)
            && Alpn.Of(inherited).Any(alpn => alpns.Any(own => Alpn.Family(own) == Alpn.Family(alpn))));

    /// <summary>
    /// The name of the class with the methods' tokens: <c>Methods</c>, unless something of the user's is called so. That of an inherited
    /// contract is generated as well and may be hidden.
    /// </summary>
    public static string TokensName(INamedTypeSymbol contract)
    {
        string name = "Methods";
        while (contract.Name == name || contract.AllInterfaces.Append(contract).Any(type => type.GetMembers(name).Any(IsByHand)))
        {
            name = "Contract" + name;
        }

        return name;
    }

    private static bool IsByHand(ISymbol member)
        => !member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "GeneratedCodeAttribute");
}
