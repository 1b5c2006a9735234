using IrohRpc.Generators.Diagnostics;
using IrohRpc.Generators.Model;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Parsing;

// What parameters, result and attributes must be to each other.
internal sealed partial class MethodParser
{
    private void CheckCombination(List<ParameterModel> parameters, ReturnModel? result)
    {
        int cancellation = parameters.FindIndex(parameter => parameter.Kind == ParameterKind.Cancellation);
        CheckOnce(parameters, ParameterKind.Cancellation, "cancellation token");
        CheckOnce(parameters, ParameterKind.Context, "call context");
        if (cancellation >= 0 && parameters.FindLastIndex(parameter => parameter.Kind == ParameterKind.Cancellation) != parameters.Count - 1)
        {
            Fail(ContractDiagnostics.CancellationNotLast, method.Parameters[cancellation], method.Name);
        }
        else if (cancellation < 0 && result is { Shape: not ReturnShape.OneWay }
            && SymbolEqualityComparer.Default.Equals(method.ContainingType, contract))
        {
            report(ContractDiagnostics.MissingCancellation, Location(method), NoProperties, [method.Name]);
        }

        int towardsService = parameters.Count(parameter => parameter.Kind is ParameterKind.Stream or ParameterKind.PipeReader)
            + (result?.Kind == ResultKind.PipeWriter ? 1 : 0);
        int towardsCaller = parameters.Count(parameter => parameter.Kind == ParameterKind.PipeWriter)
            + (result?.Kind is ResultKind.Stream or ResultKind.PipeReader or ResultKind.Items ? 1 : 0);
        if (towardsService > 1)
        {
            Fail(ContractDiagnostics.SeveralRawStreams, method, method.Name, "stream of bytes towards the service");
        }

        if (towardsCaller > 1)
        {
            Fail(ContractDiagnostics.SeveralRawStreams, method, method.Name, "stream towards the caller");
        }

        if (result?.Shape == ReturnShape.OneWay
            && parameters.Find(parameter => parameter.Kind is ParameterKind.Items or ParameterKind.Stream or ParameterKind.PipeReader) is { } streamed)
        {
            IParameterSymbol culprit = Declared(streamed);
            Fail(ContractDiagnostics.OneWayWithStream, TypeLocation(culprit), method.Name, culprit.Name);
        }

        if (result?.Shape == ReturnShape.OneWay
            && parameters.Find(parameter => parameter.Kind is ParameterKind.PipeWriter or ParameterKind.Progress) is { } answered)
        {
            IParameterSymbol culprit = Declared(answered);
            Fail(ContractDiagnostics.OneWayWithAnswer, TypeLocation(culprit), method.Name, $"parameter '{culprit.Name}'");
        }

        CheckIdempotent(parameters, result);
        if (result?.Shape == ReturnShape.OneWay && KnownTypes.Attributes(method, "FaultAttribute").FirstOrDefault() is { } fault)
        {
            Fail(ContractDiagnostics.OneWayWithAnswer, fault, method.Name, "its fault");
        }
    }

    private IParameterSymbol Declared(ParameterModel model) => method.Parameters.First(parameter => CodeNames.Escape(parameter.Name) == model.Name);

    private void CheckOnce(List<ParameterModel> parameters, ParameterKind kind, string what)
    {
        if (parameters.Count(parameter => parameter.Kind == kind) > 1)
        {
            Fail(ContractDiagnostics.SeveralOfAKind, method, method.Name, what);
        }
    }

    private void CheckIdempotent(List<ParameterModel> parameters, ReturnModel? result)
    {
        if (KnownTypes.Attributes(method, "IdempotentAttribute").FirstOrDefault() is not { } attribute)
        {
            return;
        }

        string? why = result?.Shape == ReturnShape.OneWay ? "nobody learns whether a one-way call has arrived"
            : parameters.Find(parameter => parameter.Kind is ParameterKind.Items or ParameterKind.Stream or ParameterKind.PipeReader) is { } streamed
                ? $"what parameter '{streamed.Name.TrimStart('@')}' streams can be read only once"
            : null;
        if (why is not null)
        {
            report(ContractDiagnostics.IdempotentInVain, LocationOf(attribute), NoProperties, [method.Name, why]);
        }
    }

    private bool IsReachable() => method.DeclaredAccessibility switch
    {
        Accessibility.Public => true,
        Accessibility.Internal or Accessibility.ProtectedOrInternal
            => SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, contract.ContainingAssembly)
                || method.ContainingAssembly.GivesAccessTo(contract.ContainingAssembly),
        _ => false,
    };
}
