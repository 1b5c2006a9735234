using System.Globalization;
using IrohRpc.Generators.Internal;
using IrohRpc.Generators.Model;
using IrohRpc.Generators.Payloads;
using Microsoft.CodeAnalysis.CSharp;
using static IrohRpc.Generators.Emission.RuntimeNames;

namespace IrohRpc.Generators.Emission;

/// <summary>The descriptor of a contract and the delegates that serialize its results, items, reports and faults.</summary>
internal static class DescriptorEmitter
{
    public static void Emit(CodeWriter code, ContractModel contract, GeneratedTypes types)
    {
        code.Open($"private static class {types.Descriptors}");
        foreach (FaultModel fault in types.Faults)
        {
            EmitFault(code, types, fault);
        }

        for (int i = 0; i < contract.Methods.Count; i++)
        {
            EmitDelegates(code, types, contract.Methods[i]);
            EmitMethod(code, types, contract.Methods[i], i);
        }

        string alpns = string.Join(", ", contract.Alpns.Select(Literal));
        string methods = string.Join(", ", contract.Methods.Select(method => method.Identifier));
        code.Line($"internal static readonly {Services}.ContractDescriptor {types.Contract} = new(");
        code.Line($"    {Literal(contract.Name.TrimStart('@'))},\n    [{alpns}],\n    [{methods}]{OlderVersions(contract)});");
        List<string> padded = PaddedValues(contract, types);
        if (contract.Formatters.Count + contract.Replacements.Count + padded.Count > 0)
        {
            code.Line();
            code.Open($"static {types.Descriptors}()");
            EmitStatements(code, contract.Formatters, "MemoryPack would make these formatters by reflection on first use.");
            EmitStatements(code, new([.. contract.Replacements.Select(statement => statement.Replace(ReplacedFormatters.Shapes, types.Shapes))]), "What strangers send is not safe with MemoryPack's own, or does not arrive.");
            EmitStatements(code, new([.. padded]), "Bytes between the fields of structs must not leave as they stand in memory.");
            code.Close();
        }

        code.Close();
    }

    private static void EmitStatements(CodeWriter code, EquatableArray<string> statements, string why)
    {
        if (statements.Count > 0)
        {
            code.Line($"// {why}");
        }

        foreach (string statement in statements)
        {
            code.Line(statement);
        }
    }

    /// <summary>The statements that say what is written by itself, where structs of the contract have bytes that belong to no field.</summary>
    private static List<string> PaddedValues(ContractModel contract, GeneratedTypes types)
    {
        if (!contract.Shapes.Any(shape => shape.IsPadded))
        {
            return [];
        }

        IEnumerable<ValueModel?> written = contract.Methods
            .SelectMany(method => method.Parameters.Where(parameter => parameter.Kind is ParameterKind.Items or ParameterKind.Progress).Select(parameter => parameter.Value).Prepend(method.ResultValue))
            .Concat(types.Faults.Select(fault => fault.Value));
        return [.. written.OfType<ValueModel>().Where(value => value.Shape is { } shape && !shape.Contains('.'))
            .Select(value => $"{Services}.PayloadGaps.Know<{value.BareType}>({types.ShapeName(value.Shape!)});").Distinct()];
    }

    private static string OlderVersions(ContractModel contract)
    {
        string older = string.Join(", ", contract.OlderVersions.Select(type => $"{Services}.ContractDescriptors.Of<{type}>()"));
        return older.Length == 0 ? "" : $",\n    [{older}]";
    }

    private static void EmitDelegates(CodeWriter code, GeneratedTypes types, MethodModel method)
    {
        if (method.ResultValue is { } result)
        {
            ValueEmitter.ReaderField(code, types, types.DelegateOf(method, "Read"), result, method.ResultKind == ResultKind.Items ? "item" : "result", $"The result of {method.Identifier}");
            ValueEmitter.WriterField(code, types, types.DelegateOf(method, "Write"), result);
        }

        foreach (ParameterModel parameter in method.Parameters)
        {
            if (parameter is { Kind: ParameterKind.Items or ParameterKind.Progress, Value: { } item })
            {
                string name = parameter.Name.TrimStart('@');
                ValueEmitter.ReaderField(code, types, types.DelegateOf(method, parameter, "Read"), item, parameter.Kind == ParameterKind.Items ? "item" : "report", $"An item of '{name}'");
                ValueEmitter.WriterField(code, types, types.DelegateOf(method, parameter, "Write"), item);
            }
        }
    }

    private static void EmitMethod(CodeWriter code, GeneratedTypes types, MethodModel method, int index)
    {
        code.Line($"// {method.WireName}{method.Signature}");
        code.Open($"internal static readonly {Services}.MethodDescriptor {method.Identifier} = new()");
        code.Line($"Index = {index.ToString(CultureInfo.InvariantCulture)},");
        code.Line($"Name = {Literal(method.Name.TrimStart('@'))},");
        code.Line($"WireName = {Literal(method.WireName)},");
        code.Line($"Signature = {Literal(method.Signature)},");
        code.Line($"NameId = 0x{method.NameId:x8},");
        code.Line($"SignatureId = 0x{method.SignatureId:x16},");
        code.Line($"Result = {Services}.ResultKind.{ResultName(method)},");
        List<ParameterModel> travelling = [.. method.Parameters.Where(parameter => parameter.WireIndex >= 0)];
        if (travelling.Count > 0)
        {
            code.Line("Parameters =");
            code.Line("[");
            code.Indent();
            foreach (ParameterModel parameter in travelling)
            {
                string metadata = parameter.Metadata.Count == 0 ? "" : $", [{string.Join(", ", parameter.Metadata)}]";
                code.Line($"new({Literal(parameter.Name.TrimStart('@'))}, {Services}.ParameterKind.{KindName(parameter.Kind)}{metadata}),");
            }

            code.Unindent();
            code.Line("],");
        }

        EmitArgumentParts(code, types, method);
        if (method.Since is not null)
        {
            code.Line($"Since = {Literal(method.Since)},");
        }

        if (method.RefusesNullResult)
        {
            code.Line("RefusesNullResult = true,");
        }

        if (method.IsIdempotent)
        {
            code.Line("IsIdempotent = true,");
        }

        if (method.MessageLimit is { } limit)
        {
            code.Line($"MessageLimit = {limit.ToString(CultureInfo.InvariantCulture)},");
        }

        if (method.Metadata.Count > 0)
        {
            code.Line($"Metadata = [{string.Join(", ", method.Metadata)}],");
        }

        if (method.Faults.Count > 0)
        {
            IEnumerable<string> names = method.Faults.Select(types.NameOf);
            code.Line($"Faults = [{string.Join(", ", names)}],");
        }

        code.Close(";");
        code.Line();
    }

    // Contracts stand among the values, whose check must step over them.
    private static void EmitArgumentParts(CodeWriter code, GeneratedTypes types, MethodModel method)
    {
        List<ParameterModel> arguments = [.. method.Parameters.Where(parameter => parameter.Kind is ParameterKind.Value or ParameterKind.Contract)];
        if (!arguments.Exists(argument => argument.Value?.Shape is not null))
        {
            return;
        }

        code.Line("Arguments =");
        code.Line("[");
        code.Indent();
        foreach (ParameterModel argument in arguments)
        {
            string name = argument.Name.TrimStart('@');
            code.Line(argument.Value switch
            {
                null => $"new({Services}.PayloadShape.ObjectNumber, true, {Literal(name)}),",
                { Shape: null } value => $"new({Services}.PayloadShape.Fixed<{value.Type}>(), true, {Literal(name)}),",
                { } value => ValueEmitter.Part(types, value, name) + ",",
            });
        }

        code.Unindent();
        code.Line("],");
    }

    private static void EmitFault(CodeWriter code, GeneratedTypes types, FaultModel fault)
    {
        code.Line($"internal static readonly {Services}.FaultDescriptor<{fault.Value.BareType}> {types.NameOf(fault)} = new(");
        code.Indent();
        code.Line($"0x{fault.SignatureId:x16},");
        code.Line(ValueEmitter.WriterLambda(types, fault.Value) + ",");
        code.Line(ValueEmitter.NewReader(types, fault.Value, "detail", "The fault's detail") + ");");
        code.Unindent();
        code.Line();
    }

    private static string ResultName(MethodModel method) => method.ResultKind switch
    {
        ResultKind.None => method.ReturnShape == ReturnShape.OneWay ? "OneWay" : "None",
        ResultKind.Stream or ResultKind.PipeReader => "Bytes",
        ResultKind.PipeWriter => "BytesBack",
        _ => method.ResultKind.ToString(),
    };

    private static string KindName(ParameterKind kind) => kind switch
    {
        ParameterKind.Stream or ParameterKind.PipeReader => "Bytes",
        ParameterKind.PipeWriter => "BytesBack",
        _ => kind.ToString(),
    };

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
