using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Says of a member with a body that it is meant for callers, so that no service can implement it.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(SealBodyCodeFix))]
public sealed class SealBodyCodeFix() : ContractCodeFix<MemberDeclarationSyntax>("IROHRPC042", "Say that the body is meant, with 'sealed'")
{
    private protected override (SyntaxNode Before, SyntaxNode After)? Mend(MemberDeclarationSyntax node, Diagnostic diagnostic)
    {
        SyntaxToken first = node.AttributeLists.Count > 0 ? node.AttributeLists.Last().GetLastToken().GetNextToken() : node.GetFirstToken();
        MemberDeclarationSyntax bare = node.ReplaceToken(first, first.WithLeadingTrivia());
        SyntaxTokenList modifiers = [.. bare.Modifiers.Where(modifier => !modifier.IsKind(SyntaxKind.VirtualKeyword))];
        SyntaxToken word = SyntaxFactory.Token(SyntaxKind.SealedKeyword).WithLeadingTrivia(first.LeadingTrivia).WithTrailingTrivia(SyntaxFactory.Space);
        return (node, bare.WithModifiers(modifiers.Insert(0, word)));
    }
}
