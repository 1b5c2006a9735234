using IrohRpc.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Names the contract that a class implements in the place of the class.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(NameContractCodeFix))]
public sealed class NameContractCodeFix() : ContractCodeFix<SyntaxNode>("IROHRPC043", "Name the contract")
{
    private protected override (SyntaxNode Before, SyntaxNode After)? Mend(SyntaxNode node, Diagnostic diagnostic)
    {
        if (!diagnostic.Properties.TryGetValue(UsageDiagnostics.ContractProperty, out string? contract))
        {
            return null;
        }

        TypeSyntax name = Declarations.Name(contract!);
        return node switch
        {
            TypeSyntax { Parent: TypeArgumentListSyntax } type => (type, name.WithTriviaFrom(type)),
            IdentifierNameSyntax method => (method, SyntaxFactory.GenericName(method.Identifier.WithoutTrivia(), SyntaxFactory.TypeArgumentList([name])).WithTriviaFrom(method)),
            _ => null,
        };
    }
}
