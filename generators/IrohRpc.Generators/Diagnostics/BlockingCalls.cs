using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Reports <c>.Result</c> and <c>GetAwaiter().GetResult()</c> on the <c>ValueTask</c> of a call that may still be under way.</summary>
internal static class BlockingCalls
{
    public static void AnalyzeResult(OperationAnalysisContext context)
    {
        var reference = (IPropertyReferenceOperation)context.Operation;
        if (reference.Property.Name == "Result" && IsOf(reference.Property.ContainingType, "ValueTask") && reference.Instance is { } task)
        {
            Report(context, task);
        }
    }

    public static void AnalyzeGetResult(OperationAnalysisContext context)
    {
        var invocation = (IInvocationOperation)context.Operation;
        if (invocation.TargetMethod.Name == "GetResult"
            && (IsOf(invocation.TargetMethod.ContainingType, "ValueTaskAwaiter") || IsOf(invocation.TargetMethod.ContainingType, "ConfiguredValueTaskAwaiter"))
            && invocation.Instance is { } awaiter
            && ContractMethods.Origin(awaiter, context.Operation.SemanticModel) is IInvocationOperation { TargetMethod.Name: "GetAwaiter", Instance: { } task })
        {
            Report(
                context,
                ContractMethods.Origin(task, context.Operation.SemanticModel) is IInvocationOperation { TargetMethod.Name: "ConfigureAwait", Instance: { } configured } ? configured : task);
        }
    }

    private static void Report(OperationAnalysisContext context, IOperation task)
    {
        if (ContractMethods.Origin(task, context.Operation.SemanticModel) is IInvocationOperation call && ContractMethods.IsCall(call) && !IsGuarded(task))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                UsageDiagnostics.BlockedOnValueTask, context.Operation.Syntax.GetLocation(), $"{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}"));
        }
    }

    /// <summary>Whether somebody asks the variable beforehand whether it has completed.</summary>
    private static bool IsGuarded(IOperation task)
        => task is ILocalReferenceOperation { Local.Name: { } name }
            && task.Syntax.Ancestors().OfType<BlockSyntax>().LastOrDefault() is { } body
            && body.DescendantNodes().OfType<MemberAccessExpressionSyntax>().Any(access
                => access is { Expression: IdentifierNameSyntax { Identifier.ValueText: { } variable } } && variable == name
                    && access.Name.Identifier.ValueText is "IsCompleted" or "IsCompletedSuccessfully");

    private static bool IsOf(INamedTypeSymbol type, string name)
        => type.Name == name && type.ContainingNamespace?.ToDisplayString() is "System.Threading.Tasks" or "System.Runtime.CompilerServices";
}
