using System.Collections.Immutable;
using IrohRpc.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Says which contracts cannot be called over a topic, where nobody answers and no connection carries streams or objects.</summary>
internal static class OneWayContracts
{
    public static void Analyze(OperationAnalysisContext context)
    {
        var invocation = (IInvocationOperation)context.Operation;
        IMethodSymbol method = invocation.TargetMethod;
        ImmutableArray<ITypeParameterSymbol> parameters = (method.ReducedFrom ?? method).OriginalDefinition.TypeParameters;
        for (int i = 0; i < parameters.Length && i < method.TypeArguments.Length; i++)
        {
            if (parameters[i].GetAttributes().Any(IsMark) && ProblemOf(method.TypeArguments[i]) is { } problem)
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    UsageDiagnostics.NotOneWay, invocation.Syntax.GetLocation(), method.TypeArguments[i].Name, method.Name, problem));
            }
        }
    }

    private static bool IsMark(AttributeData attribute)
        => attribute.AttributeClass is { Name: "OneWayContractAttribute" } type && type.ContainingNamespace?.ToDisplayString() == "IrohRpc.CompilerServices";

    private static string? ProblemOf(ITypeSymbol contract)
    {
        if (contract.TypeKind != TypeKind.Interface)
        {
            return null;
        }

        foreach (IMethodSymbol method in contract.AllInterfaces.Append(contract).SelectMany(static level => level.GetMembers().OfType<IMethodSymbol>()))
        {
            if (method.IsStatic || !method.IsAbstract || method.MethodKind != MethodKind.Ordinary)
            {
                continue;
            }

            if (!method.ReturnsVoid)
            {
                return $"{method.Name} returns {method.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}, and nobody answers there; it must return void";
            }

            if (method.Parameters.FirstOrDefault(static parameter => IsBoundToConnection(parameter.Type)) is { } parameter)
            {
                return $"the parameter '{parameter.Name}' of {method.Name} needs a connection; only values travel there";
            }
        }

        return null;
    }

    private static bool IsBoundToConnection(ITypeSymbol type)
        => KnownTypes.IsStream(type) || KnownTypes.IsPipeReader(type) || KnownTypes.IsPipeWriter(type) || KnownTypes.IsAsyncEnumerable(type, out _)
            || KnownTypes.IsProgress(type, out _) || KnownTypes.IsContract(type);
}
