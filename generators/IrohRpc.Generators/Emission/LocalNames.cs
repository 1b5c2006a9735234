using IrohRpc.Generators.Model;

namespace IrohRpc.Generators.Emission;

/// <summary>Names for the locals of a generated method that no parameter of the contract's method has.</summary>
internal static class LocalNames
{
    /// <summary><paramref name="wanted"/>, with underscores behind it for as long as a parameter of <paramref name="method"/> is called so.</summary>
    public static string For(MethodModel method, string wanted)
    {
        while (method.Parameters.Any(parameter => parameter.Name == wanted || parameter.Name == "@" + wanted))
        {
            wanted += "_";
        }

        return wanted;
    }
}
