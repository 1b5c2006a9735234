using System.Collections.Immutable;
using IrohRpc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Makes a type serializable: partial, with <c>[MemoryPackable]</c>. The type may stand in another file than the contract.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePackableCodeFix))]
public sealed class MakePackableCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["IROHRPC009"];

    /// <inheritdoc/>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (!diagnostic.Properties.TryGetValue(ContractDiagnostics.TypeProperty, out string? id)
                || await context.Document.Project.GetCompilationAsync(context.CancellationToken).ConfigureAwait(false) is not { } compilation
                || DocumentationCommentId.GetFirstSymbolForDeclarationId(id!, compilation) is not { } type
                || type.DeclaringSyntaxReferences.FirstOrDefault() is not { } reference
                || context.Document.Project.Solution.GetDocument(reference.SyntaxTree) is not { } document)
            {
                continue;
            }

            context.RegisterCodeFix(
                CodeAction.Create(
                    $"Make '{type.Name}' [MemoryPackable]",
                    async cancellationToken =>
                    {
                        var declaration = (TypeDeclarationSyntax)await reference.GetSyntaxAsync(cancellationToken).ConfigureAwait(false);
                        (SyntaxNode before, SyntaxNode after) = Declarations.MakePartial(
                            declaration,
                            bare => Declarations.WithAttribute(bare, SyntaxFactory.Attribute(Declarations.Name("MemoryPack.MemoryPackable"))));
                        SyntaxNode root = await declaration.SyntaxTree.GetRootAsync(cancellationToken).ConfigureAwait(false);
                        return document.WithSyntaxRoot(root.ReplaceNode(before, after));
                    },
                    equivalenceKey: nameof(MakePackableCodeFix)),
                diagnostic);
        }
    }
}
