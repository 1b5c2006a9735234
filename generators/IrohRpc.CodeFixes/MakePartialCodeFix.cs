using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Makes a contract partial, and the types that it is nested in.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MakePartialCodeFix))]
public sealed class MakePartialCodeFix() : ContractCodeFix<TypeDeclarationSyntax>("IROHRPC001", "Make partial")
{
    private protected override (SyntaxNode Before, SyntaxNode After)? Mend(TypeDeclarationSyntax node, Diagnostic diagnostic)
        => Declarations.MakePartial(node);
}
