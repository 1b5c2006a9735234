using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests.Payloads;

/// <summary>Types that code beside a contract cannot name either need no name, or are refused with advice; what is generated compiles.</summary>
public class UnnamedTypeTests
{
    private const string Contract = "[Alpn(\"c/1\")] public partial interface IC { Task<T> FAsync(T value, List<T> list, CancellationToken cancellationToken); [Fault<T>] IAsyncEnumerable<T> G(IAsyncEnumerable<T> items, IProgress<T> progress, CancellationToken t); }";

    public static TheoryData<string> Members =>
    [
        "In", "In?", "List<In>", "In[]", "Dictionary<string, In>", "Dictionary<int, In>", "Dictionary<In, int>", "(In, int)", "(In, string)?", "HashSet<In>",
        "Lazy<In>", "IEnumerable<In>", "In[,]", "List<In?>", "KeyValuePair<In, In>", "PriorityQueue<In, int>", "ILookup<In, string>", "List<List<In>>",
    ];

    private static readonly string[] Inner =
    [
        "private enum In : ushort { A, B }",
        "private struct In { public int A; public bool B; }",
        "private record struct In(byte A, long B);",
        "private struct In { public int A; }",
        "[MemoryPackable] private partial class In { public int A; public string? B; }",
        "[MemoryPackable] private partial record struct In(string A, int B);",
        "[MemoryPackable(GenerateType.VersionTolerant)] private partial class In { [MemoryPackOrder(0)] public int A; }",
        "[MemoryPackable] private partial class In { public List<T>? Back; public override bool Equals(object? o) => true; public override int GetHashCode() => 1; }",
        "[MemoryPackable] private partial class In { public In? Next; public IEnumerable<In>? All; }",
    ];

    public static TheoryData<string, int> All => new(Members.SelectMany(_ => Enumerable.Range(0, Inner.Length), static (row, index) => new TheoryDataRow<string, int>(row.Data, index)));

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_private_type_within_a_value_works_or_is_refused_by_name(string member, int inner)
    {
        string source = $$"""
            #pragma warning disable CS0649, CS8618, CS0414, CS0169
            namespace Demo;
            [MemoryPackable] public partial class T { [MemoryPackInclude] private {{member}} _in; {{Inner[inner]}} }
            {{Contract}}
            """;
        foreach (ReferenceKind? kind in (ReferenceKind?[])[null, ReferenceKind.ReferenceAssembly])
        {
            string[] types = source.Split(Contract);
            ContractProject project = kind is null
                ? ContractProject.Contract(source)
                : ContractProject.Of(ContractProject.Compile(ContractProject.Usings + "namespace Demo;" + Contract)
                    .AddReferences(CompiledProject.Of(types[0]).ReferTo(kind.Value)));
            Diagnostic[] errors = [.. (await project.AnalyzerDiagnosticsAsync()).Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
            if (errors.Length == 0)
            {
                Assert.NotEmpty(project.Generated);
                await project.AssertCleanAsync("CS8600", "CS8602", "CS8604");
                continue;
            }

            Assert.All(errors, error => Assert.Contains(error.Id, (string[])["IROHRPC053", "IROHRPC009"]));
            await project.AssertCleanAsync("IROHRPC053", "IROHRPC009");
        }
    }

    [Fact]
    public async Task A_private_enum_is_checked_as_its_number()
        => await ContractProject.AssertGeneratesAsync("""
            namespace Demo;
            [MemoryPackable] public partial class T { [MemoryPackInclude] private Dictionary<string, State[]>? _in; [MemoryPackInclude] private (State, string)? _more; private enum State : byte { Open, Closed } public bool B() => _in is null && _more is null; }
            [Alpn("c/1")] public partial interface IC { Task<T> FAsync(T value, CancellationToken cancellationToken); }
            """);
}
