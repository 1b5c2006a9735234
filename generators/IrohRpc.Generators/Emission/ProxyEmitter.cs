using System.Globalization;
using IrohRpc.Generators.Model;
using static IrohRpc.Generators.Emission.RuntimeNames;

namespace IrohRpc.Generators.Emission;

/// <summary>The proxy of a contract. Its methods are explicit implementations, so that no member of its base can hide one.</summary>
internal static class ProxyEmitter
{
    public static void Emit(CodeWriter code, ContractModel contract, GeneratedTypes types)
    {
        code.Open($"private sealed class {types.Proxy}({Services}.CallInvoker invoker) : {Services}.ContractProxy(invoker), {contract.FullName}");
        for (int i = 0; i < contract.Methods.Count; i++)
        {
            if (i > 0)
            {
                code.Line();
            }

            EmitMethod(code, types, contract.Methods[i]);
        }

        code.Close();
    }

    private static void EmitMethod(CodeWriter code, GeneratedTypes types, MethodModel method)
    {
        string parameters = string.Join(", ", method.Parameters.Select(parameter => $"{parameter.Type} {parameter.Name}"));
        string call = LocalNames.For(method, "call");
        string context = method.Parameters.FirstOrDefault(parameter => parameter.Kind == ParameterKind.Context)?.Name ?? "null";
        string token = method.Parameters.FirstOrDefault(parameter => parameter.Kind == ParameterKind.Cancellation)?.Name ?? "default";
        string invoker = LocalNames.For(method, "Invoker") == "Invoker" ? "Invoker" : "this.Invoker";
        code.Open($"{method.ReturnType} {method.DeclaringInterface}.{method.Name}({parameters})");
        code.Line($"{Services}.OutgoingCall {call} = {invoker}.Begin({types.Descriptors}.{method.Identifier}, {context}, {token});");
        EmitArguments(code, types, method, call);
        foreach (ParameterModel parameter in method.Parameters)
        {
            EmitAttachment(code, types, method, parameter, call);
        }

        code.Line(Ending(types, method, call));
        code.Close();
        EmitNamesakes(code, method, parameters);
    }

    /// <summary>A method of the same signature in another inherited interface is the same method to the peer.</summary>
    public static void EmitNamesakes(CodeWriter code, MethodModel method, string parameters)
    {
        string arguments = string.Join(", ", method.Parameters.Select(parameter => parameter.Name));
        foreach (string other in method.AlsoDeclaredBy)
        {
            code.Line();
            code.Line($"{method.ReturnType} {other}.{method.Name}({parameters})");
            code.Indent();
            code.Line($"=> (({method.DeclaringInterface})this).{method.Name}({arguments});");
            code.Unindent();
        }
    }

    private static void EmitArguments(CodeWriter code, GeneratedTypes types, MethodModel method, string call)
    {
        if (!method.Parameters.Any(IsArgument))
        {
            return;
        }

        // Fixed values and contracts are written without code that could throw.
        bool mayFail = method.Parameters.Any(parameter => parameter.Value is { Codec: not ValueCodec.Unmanaged } && IsArgument(parameter));
        if (mayFail)
        {
            code.Open("try");
        }

        string writer = LocalNames.For(method, "arguments");
        code.Line($"{Writer} {writer} = {call}.CreateWriter();");
        foreach (ParameterModel parameter in method.Parameters.Where(IsArgument))
        {
            if (parameter.Value is { Walk: not null } value)
            {
                code.Line(ValueEmitter.Look(types, value, parameter.Name));
            }

            code.Line(parameter.Kind == ParameterKind.Contract
                ? $"{call}.WriteContract<{parameter.Contract}>(ref {writer}, {parameter.Name});"
                : ValueEmitter.Write(parameter.Value!, writer, parameter.Name));
        }

        code.Line($"{call}.EndArguments(ref {writer});");
        if (mayFail)
        {
            string exception = LocalNames.For(method, "exception");
            code.Close();
            code.Open($"catch (global::System.Exception {exception})");
            code.Line($"throw {call}.ArgumentsFailed({exception});");
            code.Close();
            code.Line();
        }
    }

    private static bool IsArgument(ParameterModel parameter) => parameter.Kind is ParameterKind.Value or ParameterKind.Contract;

    private static void EmitAttachment(CodeWriter code, GeneratedTypes types, MethodModel method, ParameterModel parameter, string call)
    {
        string index = parameter.WireIndex.ToString(CultureInfo.InvariantCulture);
        string? statement = parameter.Kind switch
        {
            ParameterKind.Items =>
                $"AddItems({index}, {parameter.Name}, {types.Descriptors}.{types.DelegateOf(method, parameter, "Write")});",
            ParameterKind.Progress =>
                $"AddProgress({index}, {parameter.Name}, {types.Descriptors}.{types.DelegateOf(method, parameter, "Read")});",
            ParameterKind.Stream or ParameterKind.PipeReader => $"AddBytes({index}, {parameter.Name});",
            ParameterKind.PipeWriter => $"AddBytesBack({index}, {parameter.Name});",
            _ => null,
        };
        if (statement is not null)
        {
            code.Line($"{call}.{statement}");
        }
    }

    private static string Ending(GeneratedTypes types, MethodModel method, string call)
    {
        string reader = $"{types.Descriptors}.{types.DelegateOf(method, "Read")}";
        string forgiving = method is { ResultKind: ResultKind.Contract, ResultIsNullable: false } ? "!" : "";
        string invocation = method.ResultKind switch
        {
            ResultKind.None => $"{call}.InvokeAsync()",
            ResultKind.Value => $"{call}.InvokeAsync({reader})",
            ResultKind.Items when method.ReturnShape == ReturnShape.Bare => $"{call}.StreamAsync({reader})",
            ResultKind.Items => $"{call}.InvokeItemsAsync({reader})",
            ResultKind.Stream => $"{call}.InvokeStreamAsync()",
            ResultKind.PipeReader => $"{call}.InvokePipeReaderAsync()",
            ResultKind.PipeWriter => $"{call}.InvokePipeWriterAsync()",
            _ => $"{call}.InvokeContractAsync<{method.ResultContract}>()",
        };
        return method.ReturnShape switch
        {
            ReturnShape.OneWay => $"{call}.Post();",
            ReturnShape.Task => $"return {invocation}.AsTask(){forgiving};",
            _ => $"return {invocation}{forgiving};",
        };
    }
}
