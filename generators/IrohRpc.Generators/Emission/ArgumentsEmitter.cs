using System.Globalization;
using IrohRpc.Generators.Model;
using static IrohRpc.Generators.Emission.RuntimeNames;

namespace IrohRpc.Generators.Emission;

/// <summary>A class for each method that holds the arguments of one call: interceptors read and change them, and it calls the method with them.</summary>
internal static class ArgumentsEmitter
{
    public static void Emit(CodeWriter code, ContractModel contract, GeneratedTypes types)
    {
        code.Open($"private static class {types.Arguments}");
        for (int i = 0; i < contract.Methods.Count; i++)
        {
            if (i > 0)
            {
                code.Line();
            }

            EmitClass(code, contract, contract.Methods[i]);
        }

        code.Close();
    }

    /// <summary>The field that holds a parameter, which nothing else can be called.</summary>
    public static string FieldOf(ParameterModel parameter) => $"Argument{parameter.WireIndex.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The type of the result that the class gives.</summary>
    public static string ResultOf(MethodModel method) => ResultTypes.Of(method) ?? "object?";

    private static void EmitClass(CodeWriter code, ContractModel contract, MethodModel method)
    {
        string result = ResultOf(method);
        List<ParameterModel> parameters = [.. method.Parameters.Where(parameter => parameter.WireIndex >= 0)];
        code.Open($"internal sealed class {GeneratedTypes.ArgumentsOf(method)} : {Services}.CallArguments<{contract.FullName}, {result}>");
        foreach (ParameterModel parameter in parameters)
        {
            code.Line($"internal {parameter.Type} {FieldOf(parameter)}; // {parameter.Name.TrimStart('@')}");
            code.Line();
        }

        if (parameters.Count > 0)
        {
            EmitGet(code, parameters);
            code.Line();
            EmitSet(code, parameters);
            code.Line();
        }

        EmitItems(code, parameters);
        if (method.ResultKind == ResultKind.Items)
        {
            code.Line($"public override {result} TryMapResultItems({result} result, global::System.Func<object?, object?> map)");
            code.Line("    => Map(result, map);");
            code.Line();
        }

        EmitInvocation(code, contract, method, result);
        code.Close();
    }

    private static void EmitGet(CodeWriter code, List<ParameterModel> parameters)
    {
        code.Open("public override object? Get(int index) => index switch");
        foreach (ParameterModel parameter in parameters)
        {
            code.Line($"{parameter.WireIndex.ToString(CultureInfo.InvariantCulture)} => {FieldOf(parameter)},");
        }

        code.Line("_ => base.Get(index),");
        code.Close(";");
    }

    private static void EmitSet(CodeWriter code, List<ParameterModel> parameters)
    {
        code.Open("public override void Set(int index, object? value)");
        code.Open("switch (index)");
        foreach (ParameterModel parameter in parameters)
        {
            code.Line($"case {parameter.WireIndex.ToString(CultureInfo.InvariantCulture)}:");
            code.Indent();
            code.Line($"{FieldOf(parameter)} = ({parameter.Type})value!;");
            code.Line("return;");
            code.Unindent();
        }

        code.Line("default:");
        code.Indent();
        code.Line("base.Set(index, value);");
        code.Line("return;");
        code.Unindent();
        code.Close();
        code.Close();
    }

    private static void EmitItems(CodeWriter code, List<ParameterModel> parameters)
    {
        List<ParameterModel> items = [.. parameters.Where(parameter => parameter.Kind == ParameterKind.Items)];
        if (items.Count == 0)
        {
            return;
        }

        code.Open("public override bool TryMapItems(int index, global::System.Func<object?, object?> map)");
        code.Open("switch (index)");
        foreach (ParameterModel parameter in items)
        {
            code.Line($"case {parameter.WireIndex.ToString(CultureInfo.InvariantCulture)}:");
            code.Indent();
            code.Line($"{FieldOf(parameter)} = Map({FieldOf(parameter)}, map);");
            code.Line("return true;");
            code.Unindent();
        }

        code.Line("default:");
        code.Indent();
        code.Line("return false;");
        code.Unindent();
        code.Close();
        code.Close();
        code.Line();
    }

    private static void EmitInvocation(CodeWriter code, ContractModel contract, MethodModel method, string result)
    {
        code.Line($"public override {ValueTaskName}<{result}> InvokeAsync(");
        code.Line($"    {contract.FullName} target, global::IrohRpc.CallContext context, global::System.Threading.CancellationToken cancellationToken)");
        string target = method.DeclaringInterface == contract.FullName ? "target" : $"(({method.DeclaringInterface})target)";
        string arguments = string.Join(", ", method.Parameters.Select(Argument));
        string invocation = $"{target}.{method.Name}({arguments})";
        if (method.ReturnShape == ReturnShape.OneWay)
        {
            code.Line("{");
            code.Indent();
            code.Line($"{invocation};");
            code.Line("return default;");
            code.Close();
            return;
        }

        string forgiving = method.ResultKind == ResultKind.Contract ? "!" : "";
        code.Line("    => " + method switch
        {
            { ResultKind: ResultKind.None } => $"NoResult({ResultTypes.AsValueTask(method, invocation)});",
            { ResultKind: ResultKind.Items, ReturnShape: ReturnShape.Bare } => $"new {ValueTaskName}<{result}>({invocation});",
            _ => $"{ResultTypes.AsValueTask(method, invocation)}{forgiving};",
        });
    }

    private static string Argument(ParameterModel parameter) => parameter.Kind switch
    {
        ParameterKind.Cancellation => "cancellationToken",
        ParameterKind.Context => "context",
        _ => FieldOf(parameter),
    };
}
