using IrohRpc.Generators.Model;
using static IrohRpc.Generators.Emission.RuntimeNames;

namespace IrohRpc.Generators.Emission;

/// <summary>What stands in for a proxy or a service where interceptors run: its methods put their arguments into an object and hand that to the runtime.</summary>
internal static class InterceptedEmitter
{
    public static void Emit(CodeWriter code, ContractModel contract, GeneratedTypes types)
    {
        code.Open($"private sealed class {types.Intercepted}({Services}.CallInterception interception) : {Services}.InterceptedProxy(interception), {contract.FullName}");
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
        string context = method.Parameters.FirstOrDefault(parameter => parameter.Kind == ParameterKind.Context)?.Name ?? "null";
        string token = method.Parameters.FirstOrDefault(parameter => parameter.Kind == ParameterKind.Cancellation)?.Name ?? "default";
        string interception = LocalNames.For(method, "Interception") == "Interception" ? "Interception" : "this.Interception";
        string fields = string.Join(", ", method.Parameters.Where(parameter => parameter.WireIndex >= 0)
            .Select(parameter => $"{ArgumentsEmitter.FieldOf(parameter)} = {parameter.Name}"));
        string arguments = $"new {types.Arguments}.{GeneratedTypes.ArgumentsOf(method)}{(fields.Length == 0 ? "()" : $" {{ {fields} }}")}";
        string operation = method switch
        {
            { ReturnShape: ReturnShape.OneWay } => "Post",
            { ResultKind: ResultKind.None } => "CompleteAsync",
            { ResultKind: ResultKind.Items, ReturnShape: ReturnShape.Bare } => "StreamAsync",
            _ => "InvokeAsync",
        };
        string forgiving = method.ResultKind == ResultKind.Contract ? "!" : "";
        code.Line($"{method.ReturnType} {method.DeclaringInterface}.{method.Name}({parameters})");
        code.Line($"    => {interception}.{operation}({types.Descriptors}.{method.Identifier}, {arguments}, {context}, {token})"
            + (method.ReturnShape == ReturnShape.Task ? ".AsTask()" : "") + $"{forgiving};");
        ProxyEmitter.EmitNamesakes(code, method, parameters);
    }
}
