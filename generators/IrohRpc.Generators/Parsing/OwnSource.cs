using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

/// <summary>The source of the project that a contract is in.</summary>
/// <remarks>
/// What a contract inherits or sends may be declared in another project. A build knows that by its assembly, an editor by its source as well: but a diagnostic
/// of this project may not stand there.
/// </remarks>
internal static class OwnSource
{
    /// <summary>Whether <paramref name="tree"/> belongs to the project of <paramref name="contract"/>.</summary>
    public static bool Has(INamedTypeSymbol contract, SyntaxTree? tree)
        => tree is not null && contract.ContainingAssembly is ISourceAssemblySymbol { Compilation: { } compilation } && compilation.ContainsSyntaxTree(tree);

    /// <summary>Where <paramref name="symbol"/> is declared in the project of <paramref name="contract"/>; null where it is declared elsewhere.</summary>
    public static Location? LocationOf(INamedTypeSymbol contract, ISymbol symbol)
        => symbol.Locations.FirstOrDefault(location => Has(contract, location.SourceTree));

    /// <summary>The syntax of an attribute in that project; null where it stands elsewhere.</summary>
    public static SyntaxNode? SyntaxOf(INamedTypeSymbol contract, AttributeData attribute, CancellationToken cancellationToken)
        => Syntax(contract, attribute.ApplicationSyntaxReference, cancellationToken);

    /// <summary>The syntax of a declaration in that project; null where it stands elsewhere.</summary>
    public static T? SyntaxOf<T>(INamedTypeSymbol contract, ISymbol symbol, CancellationToken cancellationToken)
        where T : SyntaxNode
        => symbol.DeclaringSyntaxReferences.Select(reference => Syntax(contract, reference, cancellationToken)).OfType<T>().FirstOrDefault();

    private static SyntaxNode? Syntax(INamedTypeSymbol contract, SyntaxReference? reference, CancellationToken cancellationToken)
        => Has(contract, reference?.SyntaxTree) ? reference!.GetSyntax(cancellationToken) : null;
}
