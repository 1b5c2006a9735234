using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>The values that an expression sends, as far as it shows them: itself, what it chooses from, and what it is made of.</summary>
internal static class SentValues
{
    /// <summary>The values, each with the type that it is sent as.</summary>
    /// <param name="value">The expression.</param>
    /// <param name="sentAs">The type that it is sent as.</param>
    /// <param name="model">What knows the variables that it names; null where they are not to be looked up.</param>
    public static IEnumerable<(IOperation Value, ITypeSymbol SentAs)> In(IOperation value, ITypeSymbol sentAs, SemanticModel? model)
    {
        IOperation origin = ContractMethods.Origin(value, model);
        List<IOperation> choices = origin switch
        {
            IConditionalOperation { WhenFalse: { } otherwise } choice => [choice.WhenTrue, otherwise],
            ICoalesceOperation choice => [choice.Value, choice.WhenNull],
            ISwitchExpressionOperation choice => [.. choice.Arms.Select(arm => arm.Value)],
            _ => [],
        };
        return choices.Count > 0
            ? choices.SelectMany(choice => In(choice, sentAs, model))
            : PartsOf(origin, sentAs).SelectMany(part => In(part.Value, part.SentAs, model)).Prepend((value, sentAs));
    }

    /// <summary>What a collection consists of; null for anything else.</summary>
    public static ITypeSymbol? ElementOf(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { SpecialType: not SpecialType.System_String } named => named.AllInterfaces.Add(named)
            .FirstOrDefault(candidate => candidate.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T)?.TypeArguments[0],
        _ => null,
    };

    private static IEnumerable<(IOperation Value, ITypeSymbol SentAs)> PartsOf(IOperation origin, ITypeSymbol sentAs) => origin switch
    {
        IObjectCreationOperation creation => ArgumentsOf(creation).Concat(MembersOf(creation.Initializer)),
        IWithOperation { Operand: { } operand } change => MembersOf(change.Initializer).Prepend((operand, sentAs)),
        IArrayCreationOperation { Type: IArrayTypeSymbol array, Initializer.ElementValues: var elements } => elements.Select(element => (element, array.ElementType)),
        ICollectionExpressionOperation { Elements: var elements } when ElementOf(sentAs) is { } type => elements.Select(element => (element, type)),
        ITupleOperation { Elements: var elements } when sentAs is INamedTypeSymbol { IsTupleType: true } tuple
            => elements.Zip(tuple.TupleElements, static (element, field) => (element, field.Type)),
        _ => [],
    };

    /// <summary>The arguments of a constructor whose parameters are members on the wire.</summary>
    private static IEnumerable<(IOperation Value, ITypeSymbol SentAs)> ArgumentsOf(IObjectCreationOperation creation)
        => creation.Type is INamedTypeSymbol type && MemoryPackType.TryRead(type, out MemoryPackType? packed)
            ? creation.Arguments
                .Where(argument => argument is { ArgumentKind: ArgumentKind.Explicit, Parameter: { } parameter }
                    && packed!.Members.Any(member => string.Equals(member.Name, parameter.Name, StringComparison.OrdinalIgnoreCase)))
                .Select(argument => (argument.Value, argument.Parameter!.Type))
            : [];

    private static IEnumerable<(IOperation Value, ITypeSymbol SentAs)> MembersOf(IObjectOrCollectionInitializerOperation? initializer)
        => (initializer?.Initializers ?? []).SelectMany(part => part switch
        {
            ISimpleAssignmentOperation { Target: { Type: { } type } target, Value: { } value } when IsSent(target) => [(value, type)],
            IInvocationOperation { TargetMethod.Name: "Add" } addition => addition.Arguments.Select(argument => (argument.Value, argument.Parameter!.Type)),
            _ => Enumerable.Empty<(IOperation, ITypeSymbol)>(),
        });

    private static bool IsSent(IOperation target)
        => target is not IMemberReferenceOperation { Member: { } member } || MemoryPackType.Find(member, "MemoryPackIgnoreAttribute") is null;
}
