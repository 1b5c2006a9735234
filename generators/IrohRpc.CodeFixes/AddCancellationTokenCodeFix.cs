using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Adds a cancellation token with a default value, so that callers need no change.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AddCancellationTokenCodeFix))]
public sealed class AddCancellationTokenCodeFix() : ContractCodeFix<MethodDeclarationSyntax>("IROHRPC050", "Add a cancellation token")
{
    private protected override (SyntaxNode Before, SyntaxNode After)? Mend(MethodDeclarationSyntax node, Diagnostic diagnostic)
    {
        ParameterListSyntax parameters = node.ParameterList;
        if (parameters.Parameters.Any(parameter => parameter.Modifiers.Any(SyntaxKind.ParamsKeyword)))
        {
            return null;
        }

        ParameterSyntax token = SyntaxFactory.Parameter(SyntaxFactory.Identifier("cancellationToken"))
            .WithType(Declarations.Name("System.Threading.CancellationToken").WithTrailingTrivia(SyntaxFactory.Space))
            .WithDefault(Default);
        SeparatedSyntaxList<ParameterSyntax> list = parameters.Parameters.Count == 0
            ? [token]
            : SyntaxFactory.SeparatedList<ParameterSyntax>(
                parameters.Parameters.GetWithSeparators()
                    .Add(SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space))
                    .Add(token));
        return (parameters, parameters.WithParameters(list));
    }

    internal static EqualsValueClauseSyntax Default { get; } = SyntaxFactory.EqualsValueClause(
        SyntaxFactory.Token(SyntaxKind.EqualsToken).WithLeadingTrivia(SyntaxFactory.Space).WithTrailingTrivia(SyntaxFactory.Space),
        SyntaxFactory.LiteralExpression(SyntaxKind.DefaultLiteralExpression));
}
