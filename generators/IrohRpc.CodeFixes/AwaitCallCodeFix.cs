using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Awaits a call whose result was taken too early; where nothing can be awaited, it is waited for as a task.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(AwaitCallCodeFix))]
public sealed class AwaitCallCodeFix() : ContractCodeFix<ExpressionSyntax>("IROHRPC044", "Wait for the call")
{
    private protected override (SyntaxNode Before, SyntaxNode After)? Mend(ExpressionSyntax node, Diagnostic diagnostic)
    {
        if (TaskOf(node) is not { } task)
        {
            return null;
        }

        if (IsWithinAsync(node))
        {
            ExpressionSyntax awaited = SyntaxFactory.AwaitExpression(
                SyntaxFactory.Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(SyntaxFactory.Space), task.WithoutTrivia());
            bool standsAlone = node.Parent is ExpressionStatementSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax or EqualsValueClauseSyntax or ArgumentSyntax
                or AssignmentExpressionSyntax or LambdaExpressionSyntax or ParenthesizedExpressionSyntax;
            return (node, (standsAlone ? awaited : SyntaxFactory.ParenthesizedExpression(awaited)).WithTriviaFrom(node));
        }

        return task is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } }
            ? null
            : (task, Call(task.WithoutTrailingTrivia(), "AsTask").WithTrailingTrivia(task.GetTrailingTrivia()));
    }

    /// <summary>The task in <c>task.Result</c> and <c>task.GetAwaiter().GetResult()</c>.</summary>
    private static ExpressionSyntax? TaskOf(ExpressionSyntax node) => node switch
    {
        MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Result" } access => access.Expression,
        InvocationExpressionSyntax
        {
            Expression: MemberAccessExpressionSyntax
            {
                Name.Identifier.ValueText: "GetResult",
                Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetAwaiter" } awaiter },
            },
        } => awaiter.Expression,
        _ => null,
    };

    private static bool IsWithinAsync(SyntaxNode node)
    {
        SyntaxNode? function = node.Ancestors().FirstOrDefault(ancestor
            => ancestor is MethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or BasePropertyDeclarationSyntax or ConstructorDeclarationSyntax or GlobalStatementSyntax);
        return function switch
        {
            MethodDeclarationSyntax method => method.Modifiers.Any(SyntaxKind.AsyncKeyword),
            LocalFunctionStatementSyntax local => local.Modifiers.Any(SyntaxKind.AsyncKeyword),
            AnonymousFunctionExpressionSyntax lambda => lambda.Modifiers.Any(SyntaxKind.AsyncKeyword),
            GlobalStatementSyntax => true,
            _ => false,
        };
    }

    private static InvocationExpressionSyntax Call(ExpressionSyntax expression, string method)
        => SyntaxFactory.InvocationExpression(SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression, expression, SyntaxFactory.IdentifierName(method)));
}
