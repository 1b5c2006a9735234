using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace IrohRpc.CodeFixes;

/// <summary>A mend of one diagnostic that changes the declaration at its place.</summary>
/// <typeparam name="TNode">The declaration.</typeparam>
public abstract class ContractCodeFix<TNode> : CodeFixProvider
    where TNode : SyntaxNode
{
    private readonly string _id;
    private readonly string _title;

    private protected ContractCodeFix(string id, string title)
    {
        _id = id;
        _title = title;
    }

    /// <inheritdoc/>
    public sealed override ImmutableArray<string> FixableDiagnosticIds => [_id];

    /// <inheritdoc/>
    public sealed override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public sealed override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            TNode? node = root?.FindNode(diagnostic.Location.SourceSpan).FirstAncestorOrSelf<TNode>();
            if (node is not null && Mend(node, diagnostic) is { } mended)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        _title,
                        _ => Task.FromResult(context.Document.WithSyntaxRoot(root!.ReplaceNode(mended.Before, mended.After))),
                        equivalenceKey: GetType().Name),
                    diagnostic);
            }
        }
    }

    /// <summary>The part to replace and its replacement; null where the mend is not mechanical.</summary>
    private protected abstract (SyntaxNode Before, SyntaxNode After)? Mend(TNode node, Diagnostic diagnostic);
}
