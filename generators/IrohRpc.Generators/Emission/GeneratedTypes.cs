using IrohRpc.Generators.Model;

namespace IrohRpc.Generators.Emission;

/// <summary>The names of the three types that nest in a contract: the usual ones, or with underscores where the user's names are in the way.</summary>
internal sealed class GeneratedTypes
{
    public GeneratedTypes(ContractModel contract)
    {
        HashSet<string> taken = [.. contract.TakenNames, .. contract.Methods.Select(method => method.Identifier)];
        Methods = Free("GeneratedMethods");
        Proxy = Free("GeneratedProxy");
        Dispatcher = Free("GeneratedDispatcher");
        Shapes = Free("GeneratedShapes");

        string Free(string name)
        {
            while (!taken.Add(name))
            {
                name += "_";
            }

            return name;
        }
    }

    /// <summary>What holds the contract's descriptor and the delegates.</summary>
    public string Methods { get; }

    /// <summary>The caller's half.</summary>
    public string Proxy { get; }

    /// <summary>The service's half.</summary>
    public string Dispatcher { get; }

    /// <summary>What payloads are checked by.</summary>
    public string Shapes { get; }

    /// <summary>A shape as code outside of <see cref="Shapes"/> writes it.</summary>
    public string ShapeName(string shape) => shape.StartsWith("global::", StringComparison.Ordinal) ? shape : $"{Shapes}.{shape}";
}
