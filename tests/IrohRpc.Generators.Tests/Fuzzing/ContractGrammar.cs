using System.Globalization;
using System.Text;

namespace IrohRpc.Generators.Tests.Fuzzing;

/// <summary>
/// Writes contracts at random: names that generated code uses itself, types of every kind in every place, attributes, bases, nesting, overloads. C# takes most of
/// what comes out; what it does not take is left out before the generators see it.
/// </summary>
internal sealed class ContractGrammar(Random random)
{
    private const string Tasks = "global::System.Threading.Tasks.";
    private const string Generic = "global::System.Collections.Generic.";

    private static readonly string[] Names =
    [
        "call", "service", "arguments", "Dispatch", "Methods", "ContractMethods", "Contract", "Descriptors", "Proxy", "Dispatcher", "Shapes", "Shape0", "Shape1", "Shape2",
        "Read_A", "Write_A", "Read_A_B", "Write_A_B", "Fault_R", "Fault_A", "Invoker", "invoker", "writer", "reader", "value", "global", "System", "IrohRpc", "MemoryPack",
        "Task", "ValueTask", "String", "A", "B", "A_B", "A_", "call_", "service_", "arguments_", "Descriptors_", "Proxy_", "ToString", "Equals", "GetHashCode", "GetType",
        "Dispose", "DisposeAsync", "Finalize", "MemberwiseClone", "ReferenceEquals", "Index", "Name", "WireName", "Signature", "CallBuffer", "OutgoingCall", "IncomingCall",
        "CreateReader", "CreateProxy", "Descriptor", "token", "cancellationToken", "context", "Complete", "args", "IContract", "CallInvoker", "ContractDescriptor", "Async",
        "AAsync", "BAsync", "Ünïcode", "变量", "WireMembers", "CompilerServices", "Formatters", "r\u00e9sum\u00e9", "__", "_A", "A1", "ContractProxy",
    ];

    private static readonly string[] Contextual =
    [
        "record", "var", "field", "await", "nameof", "file", "required", "scoped", "extension", "yield", "async", "dynamic", "when", "where", "partial", "nint", "notnull",
        "unmanaged", "get", "set", "init", "add", "remove", "from", "select", "with", "and", "or", "not", "managed", "allows", "alias", "args", "_",
    ];

    private static readonly string[] Keywords = ["class", "event", "object", "int", "string", "params", "ref", "default", "namespace", "base", "this", "null", "void", "is", "operator", "checked"];

    private static readonly string[] Scalars =
    [
        "int", "byte", "bool", "string", "double", "decimal", "char", "long", "global::System.Guid", "global::System.DateTime", "global::System.DateTimeOffset", "global::System.TimeSpan",
        "global::System.Uri", "global::System.Version", "global::System.DayOfWeek", "global::System.Numerics.BigInteger", "global::System.Half", "global::System.Int128",
        "global::System.Text.Rune", "global::System.Index", "global::System.Numerics.Vector3", "global::System.Text.StringBuilder", "global::System.Drawing.Point",
        "global::System.Runtime.Intrinsics.Vector128<float>", "global::System.Globalization.CultureInfo", "global::System.Collections.BitArray",
    ];

    private static readonly string[] Unsupported =
    [
        "object", "global::System.Action", "nint", "global::System.Type", "global::System.Exception", "dynamic", "global::System.Collections.IEnumerable", "global::System.IFormattable",
        "global::System.Runtime.InteropServices.GCHandle", "int[,,,,]", "global::System.Threading.CancellationTokenSource",
    ];

    private readonly StringBuilder _text = new();
    private readonly List<string> _types = [];
    private readonly List<string> _generics = [];
    private readonly List<string> _faults = [];
    private readonly List<string> _contracts = [];
    private readonly HashSet<string> _declared = [];
    private bool _annotates;

    /// <summary>One file: types, bases and contracts in a namespace that nothing else is in.</summary>
    public string Write(int number)
    {
        _annotates = !Chance(0.15);
        _text.Append("#pragma warning disable\n").Append(_annotates ? "#nullable enable\n" : "#nullable disable\n");
        string name = $"N{number.ToString(CultureInfo.InvariantCulture)}";
        _text.Append($"namespace {name}{(Chance(0.3) ? "." + Pick(Names) : "")}\n{{\n");
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            WriteType();
        }

        string[] bases = [.. Enumerable.Range(0, random.Next(0, 3)).Select(_ => WriteBase())];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            WriteContract(number, i, bases);
        }

        _text.Append("}\n");
        return _text.ToString();
    }

    private bool Chance(double probability) => random.NextDouble() < probability;

    private T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private string AnyName() => random.Next(12) switch
    {
        0 => "@" + Pick(Keywords),
        1 or 2 => "@" + Pick(Contextual),
        _ => Pick(Names),
    };

    private string NewTypeName()
    {
        string name;
        do
        {
            name = Pick(Names);
        }
        while (!_declared.Add(name));

        return name;
    }

    private string Attributes()
    {
        var attributes = new List<string>();
        void Add(double probability, string attribute)
        {
            if (Chance(probability))
            {
                attributes.Add(attribute);
            }
        }

        Add(0.05, "global::System.Obsolete");
        Add(0.04, "global::System.Obsolete(\"x\", DiagnosticId = \"ACME001\")");
        Add(0.04, "global::System.Diagnostics.CodeAnalysis.Experimental(\"ACME002\")");
        Add(0.05, "global::System.ComponentModel.EditorBrowsable(global::System.ComponentModel.EditorBrowsableState.Never)");
        Add(0.04, "global::System.CLSCompliant(false)");
        return attributes.Count == 0 ? "" : $"[{string.Join(", ", attributes)}] ";
    }

    private void WriteType()
    {
        string name = NewTypeName();
        string obsolete = Chance(0.05) ? "[global::System.Obsolete(\"\", true)] " : Attributes();
        string packable = obsolete + "[global::MemoryPack.MemoryPackable] public partial ";
        switch (random.Next(9))
        {
            case 0:
                _text.Append($"{obsolete}public enum {name} : {Pick(["byte", "int", "long"])} {{ {AnyName()}, {Pick(Names)}_ = 7 }}\n");
                break;
            case 1:
                _text.Append($"{obsolete}public struct {name} {{ public int @{Pick(Keywords)}; private readonly byte {Pick(Names)}_; public long L {{ get; set; }} }}\n");
                break;
            case 2:
                _text.Append($"{packable}record {name}(string P1, {Value(1)} P2);\n");
                _faults.Add(name);
                break;
            case 3:
                _text.Append($"{packable}class {name} {{ public {Value(1)} M1 {{ get; set; }} public {Value(1)} M2; [global::MemoryPack.MemoryPackInclude] private {Value(1)} M3; }}\n");
                break;
            case 4:
                _text.Append($"{packable}class {name}<T> {{ public T M1 {{ get; set; }} public {Generic}List<T> M2; }}\n");
                _generics.Add(name);
                return;
            case 5:
                _text.Append($"{obsolete}[global::MemoryPack.MemoryPackable(global::MemoryPack.GenerateType.VersionTolerant)] public partial class {name} {{ [global::MemoryPack.MemoryPackOrder(0)] public {Value(1)} M1 {{ get; set; }} }}\n");
                break;
            case 6:
                _text.Append($"{obsolete}[global::MemoryPack.MemoryPackable, global::MemoryPack.MemoryPackUnion(3, typeof({name}Case))] public partial interface {name} {{ }}\n");
                _text.Append($"[global::MemoryPack.MemoryPackable] public partial record {name}Case({Value(1)} P1) : {name};\n");
                break;
            case 7:
                _text.Append($"{packable}struct {name} {{ public string M1; public int M2 {{ get; set; }} }}\n");
                break;
            default:
                // A mistake, now and then.
                _text.Append($"{obsolete}public class {name} {{ public int M1 {{ get; set; }} }}\n");
                if (!Chance(0.1))
                {
                    return;
                }

                break;
        }

        _types.Add(name);
    }

    private string Value(int depth)
    {
        string inner() => Value(depth + 1);
        if (depth > 3 || Chance(0.45))
        {
            string simple = _types.Count > 0 && Chance(0.6) ? Pick(_types) : Pick(Scalars);
            return Chance(0.004) ? Pick(Unsupported) : simple + (_annotates && Chance(0.25) ? "?" : "");
        }

        return random.Next(13) switch
        {
            0 => $"{inner()}[]",
            1 => $"{Generic}List<{inner()}>",
            2 => $"{Generic}Dictionary<{Pick(["int", "string", "global::System.Guid"])}, {inner()}>",
            3 => $"({inner()} A, {inner()} @{Pick(Keywords)})",
            4 => $"{Generic}IReadOnlyList<{inner()}>",
            5 => $"global::System.Collections.Immutable.ImmutableArray<{inner()}>",
            6 => $"{inner()}[,]",
            7 => $"{Generic}KeyValuePair<int, {inner()}>",
            8 => $"{Generic}HashSet<{inner()}>",
            9 => $"global::System.Linq.IGrouping<string, {inner()}>",
            10 => $"global::System.ReadOnlyMemory<{inner()}>",
            11 when _generics.Count > 0 => $"{Pick(_generics)}<{inner()}>",
            _ => $"global::System.Lazy<{inner()}>",
        };
    }

    private string Parameters()
    {
        var names = new HashSet<string>();
        var parameters = new List<string>();
        for (int i = random.Next(0, 5); i > 0; i--)
        {
            string name = AnyName();
            if (names.Add(name.TrimStart('@')))
            {
                string attribute = Chance(0.05) ? "[global::System.Diagnostics.CodeAnalysis.AllowNull] " : Chance(0.03) ? "[global::System.Diagnostics.CodeAnalysis.NotNull] " : "";
                parameters.Add($"{attribute}{ParameterType()} {name}");
            }
        }

        if (Chance(0.5))
        {
            string name = AnyName();
            parameters.Add($"global::System.Threading.CancellationToken {(names.Add(name.TrimStart('@')) ? name : "last")} = default");
        }

        return string.Join(", ", parameters);
    }

    private string ParameterType() => random.Next(16) switch
    {
        0 => $"{Generic}IAsyncEnumerable<{Value(1)}>",
        1 => $"global::System.IProgress<{Value(1)}>",
        2 when _contracts.Count > 0 => Pick(_contracts) + (_annotates && Chance(0.3) ? "?" : ""),
        3 when Chance(0.3) => "global::System.IO.Stream",
        4 when Chance(0.3) => "global::System.IO.Pipelines.PipeReader",
        5 when Chance(0.3) => "global::IrohRpc.CallContext",
        _ => Value(0),
    };

    private string ReturnType() => random.Next(14) switch
    {
        0 => "void",
        1 => Tasks + "Task",
        2 => Tasks + "ValueTask",
        3 => $"{Generic}IAsyncEnumerable<{Value(1)}>",
        4 => $"{Tasks}Task<{Generic}IAsyncEnumerable<{Value(1)}>>",
        5 => Tasks + "Task<global::System.IO.Stream>",
        6 when _contracts.Count > 0 => $"{Tasks}ValueTask<{Pick(_contracts)}{(_annotates && Chance(0.3) ? "?" : "")}>",
        7 when Chance(0.05) => Value(1),
        8 => Tasks + "ValueTask<global::System.IO.Pipelines.PipeWriter>",
        _ => $"{Tasks}{Pick(["Task", "ValueTask"])}<{Value(0)}>",
    };

    private string Method(int number, bool isDefault = false)
    {
        var text = new StringBuilder(Attributes());
        if (Chance(0.3))
        {
            text.Append($"[global::IrohRpc.WireName(\"{Pick(Names)}{number}\")] ");
        }

        if (Chance(0.1))
        {
            text.Append("[global::IrohRpc.Idempotent] ");
        }

        if (Chance(0.05))
        {
            text.Append("[global::System.Obsolete(\"\", true)] ");
        }

        string returned = ReturnType();
        if (_faults.Count > 0 && returned != "void" && Chance(0.2))
        {
            text.Append($"[global::IrohRpc.Fault<{Pick(_faults)}>] ");
        }

        if (returned != "void" && Chance(0.05))
        {
            text.Append("[return: global::System.Diagnostics.CodeAnalysis.MaybeNull] ");
        }

        return text.Append($"{(Chance(0.03) && !isDefault ? "internal " : "")}{returned} {AnyName()}({Parameters()});\n").ToString();
    }

    private string WriteBase()
    {
        string name = "I" + NewTypeName();
        string generic = Chance(0.3) ? "<TBase>" : "";
        _text.Append($"public interface {name}{generic}\n{{\n");
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            _text.Append(Method(i + 10));
        }

        if (generic.Length > 0)
        {
            _text.Append($"{Tasks}Task<TBase> {AnyName()}(TBase {AnyName()});\n");
        }

        _text.Append("}\n");
        return generic.Length > 0 ? $"{name}<{Value(1)}>" : name;
    }

    private void WriteContract(int file, int number, string[] bases)
    {
        string name = Chance(0.3) ? NewTypeName() : "I" + NewTypeName();
        string family = $"f{file}c{number}";
        bool isNested = Chance(0.2);
        string outer = isNested ? "O" + NewTypeName() : "";
        if (isNested)
        {
            _text.Append($"public static partial class {outer}\n{{\n");
        }

        string obsolete = Chance(0.04) ? "[global::System.Obsolete(\"\", true)] " : "";
        string inherited = string.Join(", ", bases.Where(_ => Chance(0.5)).Concat(!isNested && _contracts.Count > 0 && Chance(0.2) ? [Pick(_contracts)] : []));
        _text.Append($"{obsolete}[global::IrohRpc.Alpn(\"{family}/2\"), global::IrohRpc.Alpn(\"{family}/1\")]\npublic partial interface {name}{(inherited.Length > 0 ? " : " + inherited : "")}\n{{\n");
        for (int i = random.Next(1, 6); i > 0; i--)
        {
            _text.Append(Method(i));
        }

        if (Chance(0.15))
        {
            _text.Append($"public enum {Pick(Names)} {{ A }}\n");
        }

        if (Chance(0.1))
        {
            _text.Append($"public const int {Pick(Names)} = 1;\n");
        }

        if (Chance(0.1))
        {
            _text.Append("interface INested { int X { get; } }\n");
        }

        _text.Append("}\n");
        if (isNested)
        {
            _text.Append("}\n");
        }

        _contracts.Add(isNested ? $"{outer}.{name}" : name);
    }
}
