using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Takes away a <c>[Since]</c> that has no effect.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(RemoveSinceCodeFix))]
public sealed class RemoveSinceCodeFix() : ContractCodeFix<AttributeSyntax>("IROHRPC045", "Take [Since] away")
{
    private protected override (SyntaxNode Before, SyntaxNode After)? Mend(AttributeSyntax node, Diagnostic diagnostic)
    {
        if (node.Parent is not AttributeListSyntax { Parent: MemberDeclarationSyntax member } list)
        {
            return null;
        }

        SyntaxNode stale = list.Attributes.Count == 1 ? list : node;
        SyntaxTriviaList leading = member.GetLeadingTrivia();
        MemberDeclarationSyntax after = member.RemoveNode(stale, SyntaxRemoveOptions.KeepNoTrivia)!;
        return (member, after.WithLeadingTrivia(leading));
    }
}
