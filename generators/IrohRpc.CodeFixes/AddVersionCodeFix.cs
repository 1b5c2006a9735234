using System.Collections.Immutable;
using IrohRpc.Generators.Shipped;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace IrohRpc.CodeFixes;

/// <summary>
/// Gives a new method a version of its own: the contract gets the next ALPN, unless it has one that has not shipped, and the method its <c>[Since]</c>.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddVersionCodeFix))]
public sealed class AddVersionCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["IROHRPC038"];

    /// <summary>None: the version that the first mend adds is the one that the others name.</summary>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(ShippedDiagnostics.AlpnProperty, out string? alpn)
                && root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<MethodDeclarationSyntax>() is { } method
                && await ContractLookup.FindAsync(context.Document.Project, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } contract)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Add it with \"{alpn}\"",
                        cancellationToken => AddAsync(context.Document, method, contract.Document, contract.Declaration, alpn!, cancellationToken),
                        equivalenceKey: nameof(AddVersionCodeFix)),
                    diagnostic);
            }
        }
    }

    private static async Task<Solution> AddAsync(
        Document document,
        MethodDeclarationSyntax method,
        Document contractDocument,
        InterfaceDeclarationSyntax contract,
        string alpn,
        CancellationToken cancellationToken)
    {
        var solution = new SolutionEditor(document.Project.Solution);
        DocumentEditor methods = await solution.GetDocumentEditorAsync(document.Id, cancellationToken).ConfigureAwait(false);
        AttributeSyntax? older = ContractAttributes.Of(method, "Since").FirstOrDefault();
        methods.ReplaceNode(method, older is null
            ? Declarations.WithAttribute(method, ContractAttributes.Create("IrohRpc.Since", alpn))
            : method.ReplaceNode(older, ContractAttributes.WithText(older, alpn)));
        if (ContractAttributes.Of(contract, "Alpn").All(attribute => ContractAttributes.TextOf(attribute) != alpn))
        {
            DocumentEditor contracts = await solution.GetDocumentEditorAsync(contractDocument.Id, cancellationToken).ConfigureAwait(false);
            contracts.ReplaceNode(contract, (current, _) => ContractAttributes.WithNewestAlpn((InterfaceDeclarationSyntax)current, alpn));
        }

        return solution.GetChangedSolution();
    }
}
