using System.Collections.Immutable;
using IrohRpc.Generators.Diagnostics;
using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Payloads;
using IrohRpc.Generators.Wire;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace IrohRpc.Generators.Parsing;

/// <summary>Reads one method of a contract.</summary>
internal sealed partial class MethodParser(
    INamedTypeSymbol contract,
    IMethodSymbol method,
    IReadOnlyList<string> alpns,
    FormatterSet formatters,
    PayloadShapes shapes,
    ISet<INamedTypeSymbol> references,
    DiagnosticReport report,
    CancellationToken cancellationToken)
{
    private static readonly ImmutableDictionary<string, string?> NoProperties = ImmutableDictionary<string, string?>.Empty;

    private readonly WireSchema _schema = new(cancellationToken);
    private bool _failed;

    /// <summary>Whether the method's signature names something that is obsolete as an error.</summary>
    public bool NamesObsoleteErrors => _schema.NamesObsoleteErrors || ObsoleteErrors.AreNamedBy(method)
        || FaultsOf(method).Any(fault => ObsoleteErrors.Names(fault.Type));

    /// <summary>The model, or null where something keeps the method from working; every such thing was reported.</summary>
    public MethodModel? Parse()
    {
        if (method.IsGenericMethod)
        {
            Fail(ContractDiagnostics.GenericMethod, method, method.Name);
            return null;
        }

        if (!IsReachable())
        {
            Fail(ContractDiagnostics.NotReachable, method, method.Name, "protected, or internal to another assembly");
        }

        ReturnModel? result = method.RefKind == RefKind.None ? ReturnModel.Of(method.ReturnType) : null;
        if (method.RefKind != RefKind.None)
        {
            Fail(ContractDiagnostics.UnsupportedReturn, ReturnLocation(), method.Name, "ref " + Display(method.ReturnType), "a peer cannot share a variable: leave out the 'ref'");
        }
        else if (result is null && method.ReturnType.TypeKind == TypeKind.Error)
        {
            _failed = true;
        }
        else if (result is null)
        {
            Fail(ContractDiagnostics.UnsupportedReturn, ReturnLocation(), method.Name, Display(method.ReturnType), ReturnModel.Advice(method.ReturnType));
        }

        _schema.Append("(");
        List<ParameterModel> parameters = ReadParameters();
        _schema.Append(")->");
        if (result is not null)
        {
            AppendResult(result);
        }

        CheckCombination(parameters, result);
        string? since = ReadSince();
        int? limit = ReadLimit();
        EquatableArray<FaultModel> faults = ReadFaults();
        string wireName = ReadWireName();
        ValueModel? resultValue = result is { Kind: ResultKind.Value or ResultKind.Items } ? ValueOf(result.Type!, _schema, ReturnLocation()) : null;
        if (_failed)
        {
            return null;
        }

        string signature = _schema.ToString();
        return new MethodModel(
            CodeNames.Escape(method.Name),
            method.Name,
            CodeNames.Of(method.ContainingType),
            EquatableArray<string>.Empty,
            wireName,
            signature,
            MethodId.OfName(wireName),
            MethodId.OfSignature(signature),
            CodeNames.Of(method.ReturnType),
            result!.Shape,
            result.Kind,
            resultValue,
            result.Kind == ResultKind.Contract ? CodeNames.WithoutNullability(result.Type!) : null,
            result.IsNullable,
            new EquatableArray<ParameterModel>([.. parameters]),
            since,
            KnownTypes.Attributes(method, "IdempotentAttribute").Any(),
            limit,
            faults)
        {
            Metadata = new EquatableArray<string>([.. MetadataAttributes.Of(contract, method)]),
            RefusesNullResult = result is { Kind: ResultKind.Value or ResultKind.Contract, Type: { IsReferenceType: true, NullableAnnotation: NullableAnnotation.NotAnnotated } },
        };
    }

    private static string RefKindOf(IParameterSymbol parameter) => parameter.RefKind switch
    {
        RefKind.RefReadOnlyParameter => "ref readonly",
        RefKind other => other.ToString().ToLowerInvariant(),
    };

    private static string Display(ITypeSymbol type) => type.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat);

    private static string Bare(ITypeSymbol type) => Display(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated));

    private List<ParameterModel> ReadParameters()
    {
        var parameters = new List<ParameterModel>();
        int wireIndex = 0;
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (parameter.RefKind != RefKind.None)
            {
                Fail(ContractDiagnostics.ByReference, parameter, parameter.Name, method.Name, RefKindOf(parameter));
                continue;
            }

            ParameterKind kind = KindOf(parameter.Type, out ITypeSymbol? element);
            bool travels = kind is not (ParameterKind.Cancellation or ParameterKind.Context);
            if (travels)
            {
                AppendParameter(parameter, kind, element, wireIndex);
            }

            parameters.Add(new ParameterModel(
                CodeNames.Escape(parameter.Name),
                CodeNames.Of(parameter.Type),
                kind,
                kind is ParameterKind.Value ? ValueOf(parameter.Type, _schema, TypeLocation(parameter))
                    : kind is ParameterKind.Items or ParameterKind.Progress ? ValueOf(element!, _schema, TypeLocation(parameter)) : null,
                kind == ParameterKind.Contract ? CodeNames.WithoutNullability(parameter.Type) : null,
                parameter.Type.NullableAnnotation == NullableAnnotation.Annotated,
                travels ? wireIndex++ : -1)
            {
                Metadata = new EquatableArray<string>([.. MetadataAttributes.Of(parameter)]),
            });
        }

        return parameters;
    }

    /// <summary>How a parameter of <paramref name="type"/> travels; items, reports and contracts have an <paramref name="element"/>.</summary>
    public static ParameterKind KindOf(ITypeSymbol type, out ITypeSymbol? element)
    {
        element = null;
        if (KnownTypes.IsAsyncEnumerable(type, out ITypeSymbol item))
        {
            element = item;
            return ParameterKind.Items;
        }

        if (KnownTypes.IsProgress(type, out ITypeSymbol reported))
        {
            element = reported;
            return ParameterKind.Progress;
        }

        if (KnownTypes.IsContract(type))
        {
            element = type;
            return ParameterKind.Contract;
        }

        return KnownTypes.IsCancellationToken(type) ? ParameterKind.Cancellation
            : KnownTypes.IsCallContext(type) ? ParameterKind.Context
            : KnownTypes.IsStream(type) ? ParameterKind.Stream
            : KnownTypes.IsPipeReader(type) ? ParameterKind.PipeReader
            : KnownTypes.IsPipeWriter(type) ? ParameterKind.PipeWriter
            : ParameterKind.Value;
    }

    private void AppendParameter(IParameterSymbol parameter, ParameterKind kind, ITypeSymbol? element, int wireIndex)
    {
        if (wireIndex > 0)
        {
            _schema.Append(",");
        }

        bool streams = kind is ParameterKind.Items or ParameterKind.Stream or ParameterKind.PipeReader or ParameterKind.PipeWriter;
        if (streams && parameter.Type.NullableAnnotation == NullableAnnotation.Annotated)
        {
            Fail(ContractDiagnostics.NullableStream, TypeLocation(parameter), $"Parameter '{parameter.Name}'", method.Name);
        }

        switch (kind)
        {
            case ParameterKind.Items:
                AppendWrapped("stream", element!, TypeLocation(parameter));
                break;
            case ParameterKind.Progress:
                AppendWrapped("progress", element!, TypeLocation(parameter));
                break;
            case ParameterKind.Contract:
                AppendContract(element!, TypeLocation(parameter));
                break;
            case ParameterKind.Value:
                AppendValue(parameter.Type, TypeLocation(parameter));
                break;
            case ParameterKind.PipeWriter:
                _schema.Append("bytesback");
                break;
            default:
                _schema.Append("bytes");
                break;
        }
    }

    private void AppendResult(ReturnModel result)
    {
        if (result is { Kind: ResultKind.Items or ResultKind.Stream or ResultKind.PipeReader or ResultKind.PipeWriter, IsNullable: true })
        {
            Fail(ContractDiagnostics.NullableStream, ReturnLocation(), "The result", method.Name);
        }

        switch (result.Kind)
        {
            case ResultKind.None:
                _schema.Append(result.Shape == ReturnShape.OneWay ? "oneway" : "void");
                break;
            case ResultKind.Items:
                AppendWrapped("stream", result.Type!, ReturnLocation());
                break;
            case ResultKind.Contract:
                AppendContract(result.Type!, ReturnLocation());
                break;
            case ResultKind.Value:
                AppendValue(result.Type!, ReturnLocation());
                break;
            case ResultKind.PipeWriter:
                _schema.Append("bytesback");
                break;
            default:
                _schema.Append("bytes");
                break;
        }
    }

    private void AppendWrapped(string wrapper, ITypeSymbol element, Location? culprit)
    {
        _schema.Append(wrapper + "<");
        AppendValue(element, culprit, $"{(wrapper == "stream" ? "IAsyncEnumerable" : "IProgress")}<{Display(element)}>");
        _schema.Append(">");
    }

    private void AppendContract(ITypeSymbol type, Location? culprit)
    {
        references.Add((INamedTypeSymbol)type);
        if (!SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, contract.ContainingAssembly) && !KnownTypes.IsGenerated(type))
        {
            Fail(ContractDiagnostics.ContractNotGenerated, culprit, Display(type.WithNullableAnnotation(NullableAnnotation.NotAnnotated)), type.ContainingAssembly.Name, method.Name);
        }

        _schema.Append($"contract<{WireNames.EscapeBrackets(Alpn.FamilyOf(type))}>");
    }

    private ValueModel ValueOf(ITypeSymbol type, WireSchema schema, Location? culprit)
    {
        if (WireTypeNames.CodecOf(type) == ValueCodec.Formatter)
        {
            formatters.AddFor(type);
        }

        var model = new ValueModel(
            CodeNames.Of(type),
            type.IsReferenceType ? CodeNames.WithoutNullability(type) : CodeNames.Of(type),
            type is IArrayTypeSymbol array ? CodeNames.Of(array.ElementType) : null,
            WireTypeNames.CodecOf(type),
            !type.IsReferenceType || type.NullableAnnotation == NullableAnnotation.Annotated ? NullRule.Allow
                : type.NullableAnnotation == NullableAnnotation.NotAnnotated ? NullRule.Refuse : NullRule.Ignore)
        {
            Shape = schema.Problem is null && PayloadShapes.NeedsShape(type) ? shapes.ShapeOf(type) : null,
            Walk = schema.Problem is null ? shapes.Walks.CallFor(type) : null,
        };
        if (shapes.TakeUnnamed() is { } unnamed)
        {
            Fail(ContractDiagnostics.CannotBeNamed, culprit, Bare(unnamed), Bare(type), method.Name, contract.Name);
        }

        if (shapes.TakeOverlap() is { } overlap)
        {
            Fail(ContractDiagnostics.OverlappingFields, culprit, Display(overlap.Field.ContainingType), NameOf(overlap.Field), NameOf(overlap.Other), method.Name);
        }

        return model;

        static string NameOf(IFieldSymbol field) => field.AssociatedSymbol?.Name ?? field.Name;
    }

    private void AppendValue(ITypeSymbol type, Location? culprit, string? container = null)
    {
        bool hadProblem = _schema.Problem is not null;
        _schema.Append(type);
        if (hadProblem || _schema.Problem is not { } problem)
        {
            return;
        }

        if (problem.Reason == UnserializableReason.ReportedElsewhere)
        {
            _failed = true;
            return;
        }

        if (StandsBySelf(problem.Type))
        {
            Fail(ContractDiagnostics.StreamInsideValue, culprit, Display(problem.Type), container ?? Display(type));
            return;
        }

        string through = problem.IsEndless ? ", which contains ever larger types of its own making"
            : problem.Path.Length > 0 ? $" (through {problem.Path})"
            : SymbolEqualityComparer.Default.Equals(problem.Type, type) ? "" : $" (inside '{Display(type)}')";
        FailToSerialize(culprit, problem, through);
    }

    private void FailToSerialize(Location? culprit, UnserializableType problem, string through)
    {
        _failed = true;
        string type = Display(problem.Type.WithNullableAnnotation(NullableAnnotation.NotAnnotated));
        switch (problem.Reason)
        {
            case UnserializableReason.ReportedElsewhere:
                return;
            case UnserializableReason.MachineSized:
                report(ContractDiagnostics.MachineSized, culprit, NoProperties, [type, through, method.Name, UnserializableAdvice.For(problem)]);
                return;
            case UnserializableReason.MembersUnseen:
                report(ContractDiagnostics.MembersUnseen, culprit, NoProperties, [type, through, problem.Type.ContainingAssembly.Name, method.Name]);
                return;
        }

        ImmutableDictionary<string, string?> properties = problem.Reason == UnserializableReason.NoForm && UnserializableAdvice.CanBeAnnotated(problem.Type)
            ? NoProperties.Add(ContractDiagnostics.TypeProperty, problem.Type.OriginalDefinition.GetDocumentationCommentId())
            : NoProperties;
        report(ContractDiagnostics.NotSerializable, culprit, properties, [type, through, method.Name, UnserializableAdvice.For(problem)]);
    }

    private static bool StandsBySelf(ITypeSymbol type)
        => KindOf(type, out _) is not (ParameterKind.Value or ParameterKind.Cancellation or ParameterKind.Context);

    private EquatableArray<FaultModel> ReadFaults()
    {
        var faults = new List<FaultModel>();
        foreach ((AttributeData attribute, ITypeSymbol type) in FaultsOf(method))
        {
            var schema = new WireSchema(cancellationToken);
            schema.Append(type);
            if (schema.Problem is { } problem)
            {
                FailToSerialize(LocationOf(attribute), problem, "");
                continue;
            }

            var fault = new FaultModel(type is INamedTypeSymbol { Name: { Length: > 0 } name } ? name : "Value", ValueOf(type, schema, LocationOf(attribute)), MethodId.OfSignature(schema.ToString()));
            if (faults.Exists(other => other.SignatureId == fault.SignatureId))
            {
                Fail(ContractDiagnostics.SameFault, attribute, method.Name, Display(type));
                continue;
            }

            faults.Add(fault);
        }

        return new EquatableArray<FaultModel>([.. faults]);
    }
}
