using IrohRpc.Generators.Shipped;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Finds the contract that a finding about what shipped speaks of; it may stand in another file than the finding.</summary>
internal static class ContractLookup
{
    /// <summary>The part of the contract that has its ALPNs, and its document; null where it is not in this project's source.</summary>
    public static async Task<(Document Document, InterfaceDeclarationSyntax Declaration)?> FindAsync(
        Project project, Diagnostic diagnostic, CancellationToken cancellationToken)
    {
        if (!diagnostic.Properties.TryGetValue(ShippedDiagnostics.ContractProperty, out string? id)
            || await project.GetCompilationAsync(cancellationToken).ConfigureAwait(false) is not { } compilation
            || DocumentationCommentId.GetFirstSymbolForDeclarationId(id!, compilation) is not { } contract)
        {
            return null;
        }

        foreach (SyntaxReference reference in contract.DeclaringSyntaxReferences)
        {
            if (await reference.GetSyntaxAsync(cancellationToken).ConfigureAwait(false) is InterfaceDeclarationSyntax declaration
                && ContractAttributes.Of(declaration, "Alpn").Any()
                && project.GetDocument(reference.SyntaxTree) is { } document)
            {
                return (document, declaration);
            }
        }

        return null;
    }
}
