using IrohRpc.CompilerServices;

namespace IrohRpc.Gossip.Calls;

/// <summary>Which contracts can be called over a topic, for code that the analyzer has not seen.</summary>
internal static class OneWayContracts
{
    /// <summary>Checks a contract.</summary>
    /// <exception cref="ArgumentException">It has methods that need a connection.</exception>
    public static void Require(ContractDescriptor contract)
    {
        foreach (MethodDescriptor method in contract.Methods)
        {
            if (method.Result != ResultKind.OneWay || method.Parameters.Any(static parameter => parameter.Kind != ParameterKind.Value))
            {
                throw new ArgumentException($"{contract.Name} cannot be called over a topic: {method} is no one-way method that takes values only.");
            }
        }
    }
}
