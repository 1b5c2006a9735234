using System.Collections.Immutable;
using IrohRpc.Generators.Shipped;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.Text;

namespace IrohRpc.CodeFixes;

/// <summary>Writes <c>retired</c> behind an ALPN in the shipped file. The finding may stand in that file as well as in the source.</summary>
[ExportCodeFixProvider(
    LanguageNames.CSharp,
    Name = nameof(MarkAsRetiredCodeFix),
    DocumentKinds = [nameof(TextDocumentKind.Document), nameof(TextDocumentKind.AdditionalDocument)],
    DocumentExtensions = [".cs", ".txt"])]
public sealed class MarkAsRetiredCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["IROHRPC037"];

    /// <summary>None: a version is retired one at a time, by somebody who knows that its peers are gone.</summary>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        TextDocument? file = context.TextDocument.Project.AdditionalDocuments
            .FirstOrDefault(document => ShippedOptions.IsShippedFile(document.FilePath ?? document.Name));
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (file is null || !diagnostic.Properties.TryGetValue(ShippedDiagnostics.AlpnProperty, out string? alpn))
            {
                continue;
            }

            SourceText text = await file.GetTextAsync(context.CancellationToken).ConfigureAwait(false);
            TextLine line = text.Lines.FirstOrDefault(candidate => candidate.ToString().Trim() == "alpn " + alpn);
            if (line.Text is not null)
            {
                Solution retired = file.Project.Solution.WithAdditionalDocumentText(
                    file.Id, text.WithChanges(new TextChange(new TextSpan(line.End, 0), " retired")));
                context.RegisterCodeFix(
                    CodeAction.Create($"Mark \"{alpn}\" as retired", _ => Task.FromResult(retired), equivalenceKey: nameof(MarkAsRetiredCodeFix)),
                    diagnostic);
            }
        }
    }
}
