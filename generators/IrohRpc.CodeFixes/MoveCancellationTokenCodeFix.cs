using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.CodeFixes;

/// <summary>Moves the cancellation token behind the other parameters, which stay in their order.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(MoveCancellationTokenCodeFix))]
public sealed class MoveCancellationTokenCodeFix() : ContractCodeFix<ParameterSyntax>("IROHRPC011", "Move the cancellation token last")
{
    private protected override (SyntaxNode Before, SyntaxNode After)? Mend(ParameterSyntax node, Diagnostic diagnostic)
    {
        if (node.Parent is not ParameterListSyntax list || list.Parameters.Last().Modifiers.Any(SyntaxKind.ParamsKeyword))
        {
            return null;
        }

        List<ParameterSyntax> order = [.. list.Parameters.Where(parameter => parameter != node)];
        ParameterSyntax token = order[order.Count - 1].Default is not null && node.Default is null
            ? node.WithDefault(AddCancellationTokenCodeFix.Default)
            : node;
        order.Add(token);

        // The layout belongs to the place: the first parameter may stand on the line of the parenthesis, the others below.
        for (int i = 0; i < order.Count; i++)
        {
            order[i] = order[i].WithTriviaFrom(list.Parameters[i]);
        }

        return (list, list.WithParameters(SyntaxFactory.SeparatedList(order, list.Parameters.GetSeparators())));
    }
}
