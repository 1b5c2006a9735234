using IrohRpc.Generators.Model;

namespace IrohRpc.Generators.Emission;

/// <summary>The class with one token for each method, by which a caller asks whether the peer has it. It is part of the user's public surface.</summary>
internal static class TokenEmitter
{
    public static void Emit(CodeWriter code, ContractModel contract, GeneratedTypes types)
    {
        code.Line($"/// <summary>The methods of <c>{contract.Name}</c>, for <c>Supports</c>.</summary>");
        code.Line(ContractEmitter.GeneratedCode);
        code.Open($"public static class {contract.TokensName}");
        string type = $"global::IrohRpc.ContractMethod<{contract.FullName}>";
        bool first = true;
        foreach (MethodModel method in contract.Methods)
        {
            if (!first)
            {
                code.Line();
            }

            first = false;
            string since = method.Since is null ? "" : $", since <c>{Escape(method.Since)}</c>";
            code.Line($"/// <summary>The method <c>{method.Name.TrimStart('@')}</c>{since}.</summary>");
            code.Line($"public static {type} {method.Identifier} => new({types.Descriptors}.{method.Identifier});");
        }

        code.Close();
    }

    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");
}
