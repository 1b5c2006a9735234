using System.Globalization;
using IrohRpc.Generators.Model;
using static IrohRpc.Generators.Emission.RuntimeNames;

namespace IrohRpc.Generators.Emission;

/// <summary>The dispatcher of a contract: one method for each of the contract's, and the switch that chooses.</summary>
internal static class DispatcherEmitter
{
    public static void Emit(CodeWriter code, ContractModel contract, GeneratedTypes types)
    {
        code.Open($"private static class {types.Dispatcher}");
        code.Open($"internal static void Dispatch({contract.FullName} {types.Service}, {Services}.IncomingCall {types.Call})");
        code.Open($"switch ({types.Call}.Method.Index)");
        for (int i = 0; i < contract.Methods.Count; i++)
        {
            code.Line($"case {i.ToString(CultureInfo.InvariantCulture)}:");
            code.Indent();
            code.Line($"{contract.Methods[i].Identifier}({types.Service}, {types.Call});");
            code.Line("return;");
            code.Unindent();
        }

        code.Line("default:");
        code.Indent();
        code.Line($"throw new global::System.InvalidOperationException($\"{{{types.Call}.Method}} is no method of this contract.\");");
        code.Unindent();
        code.Close();
        code.Close();
        foreach (MethodModel method in contract.Methods)
        {
            code.Line();
            EmitMethod(code, contract, types, method);
        }

        code.Close();
    }

    private static void EmitMethod(CodeWriter code, ContractModel contract, GeneratedTypes types, MethodModel method)
    {
        string service = LocalNames.For(method, "service");
        string call = LocalNames.For(method, "call");
        string reader = LocalNames.For(method, "arguments");
        code.Open($"private static void {method.Identifier}({contract.FullName} {service}, {Services}.IncomingCall {call})");
        List<ParameterModel> read = [.. method.Parameters.Where(parameter => parameter.Kind is ParameterKind.Value or ParameterKind.Contract)];
        if (read.Count > 0)
        {
            code.Line($"{Reader} {reader} = {call}.CreateReader();");
        }

        foreach (ParameterModel parameter in read)
        {
            code.Line($"{call}.Argument = {parameter.WireIndex.ToString(CultureInfo.InvariantCulture)};");
            code.Line($"{parameter.Type} {parameter.Name} = {ReadArgument(parameter, call, reader)};");
        }

        code.Line(read.Count > 0 ? $"{call}.EndArguments(ref {reader});" : $"{call}.EndArguments();");

        // The declaring interface is named because two that a contract inherits may have methods of one name.
        string target = method.DeclaringInterface == contract.FullName ? service : $"(({method.DeclaringInterface}){service})";
        string arguments = string.Join(", ", method.Parameters.Select(parameter => Argument(types, method, parameter, call)));
        EmitCompletion(code, types, method, call, $"{target}.{method.Name}({arguments})");
        code.Close();
    }

    private static string ReadArgument(ParameterModel parameter, string call, string reader)
    {
        string what = $"'{parameter.Name.TrimStart('@')}'";
        if (parameter.Kind == ParameterKind.Value)
        {
            return ValueEmitter.Read(parameter.Value!, reader, what);
        }

        string read = $"{call}.ReadContract<{parameter.Contract}>(ref {reader})";
        return parameter.IsNullable
            ? read
            : $"{read}\n    ?? {ValueEmitter.RefuseNull(what)}";
    }

    private static string Argument(GeneratedTypes types, MethodModel method, ParameterModel parameter, string call)
    {
        string index = parameter.WireIndex.ToString(CultureInfo.InvariantCulture);
        return parameter.Kind switch
        {
            ParameterKind.Cancellation => $"{call}.CancellationToken",
            ParameterKind.Context => $"{call}.Context",
            ParameterKind.Items => $"{call}.Items({index}, {types.Descriptors}.{types.DelegateOf(method, parameter, "Read")})",
            ParameterKind.Progress => $"{call}.Progress({index}, {types.Descriptors}.{types.DelegateOf(method, parameter, "Write")})",
            ParameterKind.Stream => $"{call}.BytesAsStream({index})",
            ParameterKind.PipeReader => $"{call}.BytesAsPipeReader({index})",
            ParameterKind.PipeWriter => $"{call}.BytesBack({index})",
            _ => parameter.Name,
        };
    }

    private static void EmitCompletion(CodeWriter code, GeneratedTypes types, MethodModel method, string call, string invocation)
    {
        if (method.ReturnShape == ReturnShape.OneWay)
        {
            code.Line($"{invocation};");
            code.Line($"{call}.Complete();");
            return;
        }

        invocation = ResultTypes.AsValueTask(method, invocation);
        string writer = $"{types.Descriptors}.{types.DelegateOf(method, "Write")}";
        code.Line(method.ResultKind switch
        {
            ResultKind.None => $"{call}.Complete({invocation});",
            ResultKind.Value => $"{call}.Complete({invocation}, {writer});",
            ResultKind.Items => $"{call}.CompleteItems({invocation}, {writer});",
            ResultKind.Stream or ResultKind.PipeReader => $"{call}.CompleteBytes({invocation});",
            ResultKind.PipeWriter => $"{call}.CompleteBytesBack({invocation});",
            _ => $"{call}.CompleteContract<{method.ResultContract}>({invocation}{(method.ResultIsNullable ? "" : "!")});",
        });
    }
}
