using IrohRpc.Generators.Model;

namespace IrohRpc.Generators.Emission;

/// <summary>The names of what nests in a contract, and of its members: the usual ones, or with underscores where other names are in the way.</summary>
/// <remarks>
/// A nested type must not be found where the user's half of the interface means another, nor be hidden by a parameter or a method where generated code means
/// it. Within one type no two members have one name.
/// </remarks>
internal sealed class GeneratedTypes
{
    /// <summary>What the names of the nested types begin with; only such names of the user's can be in the way.</summary>
    public static readonly string[] Usual = ["Descriptors", "Shapes", "Proxy", "Dispatcher", "Arguments", "Intercepted"];

    private readonly Dictionary<(MethodModel Method, string? Parameter, string Role), string> _delegates = [];
    private readonly Dictionary<FaultModel, string> _faults = [];

    public GeneratedTypes(ContractModel contract)
    {
        HashSet<string> methods = [.. contract.Methods.Select(method => method.Identifier)];
        HashSet<string> parameters = [.. contract.Methods.SelectMany(method => method.Parameters).Select(parameter => parameter.Name.TrimStart('@'))];
        HashSet<string> taken = [.. contract.TakenNames, .. methods, .. parameters, contract.TokensName];
        Descriptors = Free(taken, Usual[0]);
        Shapes = Free(taken, Usual[1]);
        Proxy = Free(taken, Usual[2]);
        Dispatcher = Free(taken, Usual[3]);
        Arguments = Free(taken, Usual[4]);
        Intercepted = Free(taken, Usual[5]);
        Service = Free(methods, "service");
        Call = Free(methods, "call");

        var members = new HashSet<string>(methods) { Descriptors };
        Contract = Free(members, "Contract");
        foreach (MethodModel method in contract.Methods)
        {
            AddDelegates(members, method);
            foreach (FaultModel fault in method.Faults.Where(fault => !_faults.ContainsKey(fault)))
            {
                _faults.Add(fault, Free(members, "Fault_" + fault.Name));
            }
        }
    }

    /// <summary>What holds the contract's descriptor and the delegates.</summary>
    public string Descriptors { get; }

    /// <summary>What payloads are checked by.</summary>
    public string Shapes { get; }

    /// <summary>The caller's half.</summary>
    public string Proxy { get; }

    /// <summary>The service's half.</summary>
    public string Dispatcher { get; }

    /// <summary>What holds the classes of arguments that interceptors see.</summary>
    public string Arguments { get; }

    /// <summary>What stands in for a proxy or a service where interceptors run.</summary>
    public string Intercepted { get; }

    /// <summary>The field with the contract's descriptor.</summary>
    public string Contract { get; }

    /// <summary>The parameter with the service where the method to call is chosen, so that no method of the contract is called so.</summary>
    public string Service { get; }

    /// <summary>The parameter with the call there.</summary>
    public string Call { get; }

    /// <summary>The declared faults, each once, in their order.</summary>
    public IReadOnlyList<FaultModel> Faults => [.. _faults.Keys];

    /// <summary>The field that reads or writes a method's result or its items; empty where it has none.</summary>
    public string DelegateOf(MethodModel method, string role) => _delegates.TryGetValue((method, null, role), out string? name) ? name : "";

    /// <summary>The field that reads or writes a parameter's items or reports.</summary>
    public string DelegateOf(MethodModel method, ParameterModel parameter, string role) => _delegates[(method, parameter.Name, role)];

    /// <summary>The field with a fault's descriptor.</summary>
    public string NameOf(FaultModel fault) => _faults[fault];

    /// <summary>The class with a method's arguments, within <see cref="Arguments"/>: no member of it can be called so.</summary>
    public static string ArgumentsOf(MethodModel method) => "Call_" + method.Identifier;

    /// <summary>A shape as code outside of <see cref="Shapes"/> writes it.</summary>
    public string ShapeName(string shape) => shape.StartsWith("global::", StringComparison.Ordinal) ? shape : $"{Shapes}.{shape}";

    private static string Free(HashSet<string> taken, string name)
    {
        while (!taken.Add(name))
        {
            name += "_";
        }

        return name;
    }

    private void AddDelegates(HashSet<string> members, MethodModel method)
    {
        foreach (string role in (string[])["Read", "Write"])
        {
            if (method.ResultValue is not null)
            {
                _delegates.Add((method, null, role), Free(members, $"{role}_{method.Identifier}"));
            }

            foreach (ParameterModel parameter in method.Parameters.Where(parameter => parameter.Kind is ParameterKind.Items or ParameterKind.Progress))
            {
                _delegates.Add((method, parameter.Name, role), Free(members, $"{role}_{method.Identifier}_{parameter.Name.TrimStart('@')}"));
            }
        }
    }
}
