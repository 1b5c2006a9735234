using System.Collections.Immutable;
using IrohRpc.Generators.Shipped;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;

namespace IrohRpc.CodeFixes;

/// <summary>Makes a contract that broke with what shipped the next version, which its peers have to agree on: its older ALPNs go.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(BreakOnPurposeCodeFix))]
public sealed class BreakOnPurposeCodeFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds => ["IROHRPC032", "IROHRPC033", "IROHRPC034"];

    /// <summary>None: one mend is for all that is said of a contract.</summary>
    public override FixAllProvider? GetFixAllProvider() => null;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (diagnostic.Properties.TryGetValue(ShippedDiagnostics.AlpnProperty, out string? alpn)
                && await ContractLookup.FindAsync(context.Document.Project, diagnostic, context.CancellationToken).ConfigureAwait(false) is { } contract)
            {
                context.RegisterCodeFix(
                    CodeAction.Create(
                        $"Break it on purpose: only \"{alpn}\" from now on",
                        async cancellationToken =>
                        {
                            SyntaxNode root = await contract.Declaration.SyntaxTree.GetRootAsync(cancellationToken).ConfigureAwait(false);
                            return contract.Document.WithSyntaxRoot(root.ReplaceNode(
                                contract.Declaration, ContractAttributes.WithOnlyAlpn(contract.Declaration, alpn!)));
                        },
                        equivalenceKey: nameof(BreakOnPurposeCodeFix)),
                    diagnostic);
            }
        }
    }
}
