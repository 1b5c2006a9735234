using System.Collections.Immutable;
using IrohRpc.Generators.Parsing;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace IrohRpc.Generators.Diagnostics;

/// <summary>Reports values that arrive as less than they were: collections with a comparer, and objects of a class that is derived from the one that is sent.</summary>
internal static class LostParts
{
    /// <summary>Looks at what is sent with a call.</summary>
    public static void AnalyzeCall(OperationAnalysisContext context)
    {
        var invocation = (IInvocationOperation)context.Operation;
        if (ContractMethods.IsCall(invocation))
        {
            foreach (IArgumentOperation argument in invocation.Arguments.Where(argument => argument is { ArgumentKind: ArgumentKind.Explicit, Parameter: not null }))
            {
                Analyze(context, argument.Value, argument.Parameter!.Type, NameOf(invocation.TargetMethod));
            }
        }
        else if (invocation is { TargetMethod: { Name: "Report", ContainingType: { } progress }, Arguments: [{ Value: { } report }], Instance: IParameterReferenceOperation { Parameter: { } parameter } }
            && KnownTypes.IsProgress(progress, out ITypeSymbol reported)
            && parameter.ContainingSymbol is IMethodSymbol method && ContractMethods.ImplementedBy(method) is { } reporting)
        {
            Analyze(context, report, reported, NameOf(reporting));
        }
    }

    /// <summary>Looks at what a service answers.</summary>
    public static void AnalyzeAnswer(OperationAnalysisContext context)
    {
        if (((IReturnOperation)context.Operation).ReturnedValue is { } value
            && context.ContainingSymbol is IMethodSymbol method && ContractMethods.ImplementedBy(method) is { } answered
            && Result(method.ReturnType) is { } result)
        {
            Analyze(context, WithoutTask(value), result, NameOf(answered));
        }
    }

    /// <summary>Looks at the detail of a fault.</summary>
    public static void AnalyzeFault(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (creation is { Type: INamedTypeSymbol { Name: "RpcFaultException", TypeArguments: [{ } detail] } fault, Arguments: [{ Value: { } value }, ..] }
            && fault.ContainingNamespace?.ToDisplayString() == "IrohRpc")
        {
            Analyze(context, value, detail, fault.Name);
        }
    }

    private static string NameOf(IMethodSymbol method) => $"{method.ContainingType.Name}.{method.Name}";

    private static ITypeSymbol? Result(ITypeSymbol type) => type is INamedTypeSymbol { TypeArguments: [{ } result] } ? result : null;

    /// <summary>What a task is made of that has completed already.</summary>
    private static IOperation WithoutTask(IOperation value) => ContractMethods.Origin(value, null) switch
    {
        IObjectCreationOperation { Type.Name: "ValueTask", Arguments: [{ Value: { } inner }] } => inner,
        IInvocationOperation { TargetMethod.Name: "FromResult", Arguments: [{ Value: { } inner }] } => inner,
        _ => value,
    };

    private static void Analyze(OperationAnalysisContext context, IOperation value, ITypeSymbol sentAs, string sender)
    {
        foreach ((IOperation sent, ITypeSymbol type) in SentValues.In(value, sentAs, context.Operation.SemanticModel))
        {
            AnalyzeOne(context, sent, type, sender);
        }
    }

    private static void AnalyzeOne(OperationAnalysisContext context, IOperation value, ITypeSymbol sentAs, string sender)
    {
        IOperation origin = ContractMethods.Origin(value, context.Operation.SemanticModel);
        if (HasComparer(origin) && origin.Type is INamedTypeSymbol collection)
        {
            context.ReportDiagnostic(Diagnostic.Create(UsageDiagnostics.ComparerLost, value.Syntax.GetLocation(), collection.Name, sender));
        }

        ITypeSymbol? actual = origin is ISpreadOperation spread ? spread.ElementType : origin.Type;
        ReportIfLess(context, value, actual, sentAs);
        ReportIfLess(context, value, SentValues.ElementOf(actual), SentValues.ElementOf(sentAs));
    }

    private static void ReportIfLess(OperationAnalysisContext context, IOperation value, ITypeSymbol? actual, ITypeSymbol? sentAs)
    {
        if (actual is INamedTypeSymbol { TypeKind: TypeKind.Class } sent && sentAs is INamedTypeSymbol { TypeKind: TypeKind.Class } declared
            && DerivesFrom(sent, declared) && ArrivesAsDeclared(declared))
        {
            context.ReportDiagnostic(Diagnostic.Create(UsageDiagnostics.DerivedLost, value.Syntax.GetLocation(), sent.Name, declared.Name));
        }
    }

    private static bool DerivesFrom(INamedTypeSymbol type, INamedTypeSymbol wanted)
    {
        for (INamedTypeSymbol? level = type.BaseType; level is not null; level = level.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(level, wanted))
            {
                return true;
            }
        }

        return false;
    }

    // Of a union the case is written, and what formatters of the user's write nobody else knows.
    private static bool ArrivesAsDeclared(INamedTypeSymbol type)
        => MemoryPackType.TryRead(type, out MemoryPackType? packed)
            ? packed!.Kind is MemoryPackKind.Object or MemoryPackKind.VersionTolerant or MemoryPackKind.CircularReference or MemoryPackKind.Collection
            : WireTypeNames.TryGetGeneric(type, out _);

    /// <summary>Whether a type is a collection, of .NET's or of the user's own.</summary>
    private static bool IsCollection(INamedTypeSymbol type)
        => WireTypeNames.TryGetGeneric(type, out _) || (MemoryPackType.TryRead(type, out MemoryPackType? packed) && packed!.Kind == MemoryPackKind.Collection)
            || (type.BaseType is { SpecialType: not SpecialType.System_Object } inherited && IsCollection(inherited));

    /// <summary>Whether a collection is made here with a comparer other than the default. One of the user's own that always has the same comparer keeps it.</summary>
    private static bool HasComparer(IOperation origin)
        => HasOwnComparer(origin) || (origin is IInvocationOperation { Instance: { Type: { } before } instance } && SymbolEqualityComparer.Default.Equals(before, origin.Type) && HasComparer(instance));

    private static bool HasOwnComparer(IOperation origin)
        => origin.Type is INamedTypeSymbol type && IsCollection(type)
            && Arguments(origin).Any(argument => argument is { ArgumentKind: ArgumentKind.Explicit, Parameter.Type: { } wanted } && IsComparer(wanted)
                && argument.Value is not { ConstantValue: { HasValue: true, Value: null } }
                && !IsDefault(ContractMethods.Origin(argument.Value, null), isOrdered: wanted.Name == "IComparer"));

    private static ImmutableArray<IArgumentOperation> Arguments(IOperation origin) => origin switch
    {
        IObjectCreationOperation creation => creation.Arguments,
        IInvocationOperation invocation => invocation.Arguments,
        _ => [],
    };

    private static bool IsComparer(ITypeSymbol type)
        => type is { Name: "IComparer" or "IEqualityComparer" } && type.ContainingNamespace?.ToDisplayString() is "System.Collections.Generic" or "System.Collections";

    // Strings are equal ordinally by default; their default order is that of a culture.
    private static bool IsDefault(IOperation comparer, bool isOrdered)
        => comparer is ILiteralOperation { ConstantValue: { HasValue: true, Value: null } }
            || (comparer is IPropertyReferenceOperation { Property: { Name: { } name, ContainingType.Name: { } owner } }
                && (name == "Default" || (name == "Ordinal" && owner == "StringComparer" && !isOrdered)));
}
