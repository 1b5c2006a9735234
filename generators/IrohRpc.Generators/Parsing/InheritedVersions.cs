using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

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
    /// The name of the class with the methods' tokens: <c>Methods</c>, unless the user's half of the interface, or what it inherits, calls something so. That
    /// of an inherited contract is generated as well and may be hidden.
    /// </summary>
    public static string TokensName(INamedTypeSymbol contract, CancellationToken cancellationToken)
    {
        string name = "Methods";
        while (contract.AllInterfaces.Any(type => type.GetMembers(name).Any(IsByHand)) || IsMentioned(contract, name, cancellationToken))
        {
            name = "Contract" + name;
        }

        return name;
    }

    // A type of that name would be another within the interface from then on. Parameters are no types.
    private static bool IsMentioned(INamedTypeSymbol contract, string name, CancellationToken cancellationToken)
        => contract.DeclaringSyntaxReferences
            .SelectMany(part => part.GetSyntax(cancellationToken).DescendantTokens())
            .Any(token => token.IsKind(SyntaxKind.IdentifierToken) && token.ValueText == name && token.Parent is not ParameterSyntax);

    private static bool IsByHand(ISymbol member)
        => !member.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == "GeneratedCodeAttribute");
}
