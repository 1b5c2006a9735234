using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests.Wire;

/// <summary>
/// A type that is declared in another project has the ids and the record there that it would have in the contract's own, however that project is referred
/// to; or it is refused, where nothing tells what travels.
/// </summary>
public class CompiledTypeTests
{
    private static readonly string[] Seen =
    [
        "[MemoryPackable] public partial class T { public string? A { get; set; } public string? B { get; init; } }",
        "[MemoryPackable] public partial class T { public string? A; public string? B; private int _c; public int C() => _c++; }",
        "[MemoryPackable] public partial record T(string A, int B);",
        "[MemoryPackable] public partial record struct T(string A, int B);",
        "[MemoryPackable] public partial class T<X> { public X? A { get; set; } public List<X>? B { get; set; } } // T<int>",
        "[MemoryPackable(SerializeLayout.Explicit)] public partial class T { [MemoryPackOrder(1)] public string? A { get; set; } [MemoryPackOrder(0)] public int B; }",
        "[MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(3)] public string? A { get; set; } [MemoryPackOrder(0)] public int B { get; set; } }",
        "[MemoryPackable(GenerateType.CircularReference)] public partial class T { [MemoryPackOrder(0)] public T? A { get; set; } }",
        "[MemoryPackable, MemoryPackUnion(0, typeof(C)), MemoryPackUnion(1, typeof(D))] public partial interface T; [MemoryPackable] public partial record C(int X) : T; [MemoryPackable] public partial record D(string X) : T;",
        "[MemoryPackable, MemoryPackUnion(0, typeof(C<>)), MemoryPackUnion(1, typeof(D<>))] public partial interface T<X>; [MemoryPackable] public partial record C<X>(X A) : T<X>; [MemoryPackable] public partial record D<X>(string E) : T<X>; // T<int>",
        "[MemoryPackable(GenerateType.Collection)] public partial class T : List<string>;",
        "public enum T : ushort { A = 3, B = 1 }",
        "public struct T { public int A; private readonly byte _b; public long C { get; set; } public byte D() => _b; }",
        "public struct T<X> where X : unmanaged { public X A; private X _b; public X C() => _b; } // T<short>",
        "public struct T; ",
        "public struct T(int a, bool b) { public int C = b ? 1 : 2; public int A() => a; }",
        "public struct T { public int A { get => field; set => field = value + 1; } private P _p; public byte B { get; set; } private struct P { public bool X; public long Y; } public bool Q() => _p.X; }",
        "[MemoryPackable] public partial struct T<X> { public X A; public int B; } // T<int>",
        "public struct T { public TimeZoneInfo.TransitionTime A; public InlineArray4<bool> B; }",
        "[StructLayout(LayoutKind.Sequential, Pack = 1)] public struct T { public byte A; public long B; }",
        "[StructLayout(LayoutKind.Sequential, Size = 40)] public struct T { public byte A; public long B; }",
        "[StructLayout(LayoutKind.Sequential, Pack = 2, Size = 64)] public struct T { public byte A; public long B; }",
        "[StructLayout(LayoutKind.Auto)] public struct T { public byte A; public long B; public byte C; }",
        "[StructLayout(LayoutKind.Explicit)] public struct T { [FieldOffset(4)] public int A; [FieldOffset(0)] public int B; }",
        "[StructLayout(LayoutKind.Explicit, Size = 24)] public struct T { [FieldOffset(4)] private int _a; [FieldOffset(4)] public float B; public int A() => _a; }",
        "public unsafe struct T { public fixed byte A[16]; private fixed int _b[2]; public int C() => _b[0]; }",
        "[InlineArray(16)] public struct T { private byte _e; }",
        "public struct T { public In A; public System.Runtime.Intrinsics.Vector128<float> B; public In? C; } [InlineArray(3)] public struct In { private Pair _e; } public struct Pair { public int A; public int B; }",
        "[MemoryPackable] public partial class T { public string? A { get; set; } [MemoryPackIgnore] public int B { get; set; } protected int C { get; set; } public int this[int i] => i; public int D { set { } } }",
        "public class Base { public int X { get; set; } public virtual int V { get; set; } } [MemoryPackable] public partial class T : Base { public string? A { get; set; } public override int V { get; set; } public new int X { get; set; } }",
        "[MemoryPackable] public partial class T { public Inner? A { get; set; } [MemoryPackable] public partial class Inner { public T? B { get; set; } } }",
    ];

    private static readonly string[] Recorded =
    [
        "[MemoryPackable] public partial class T { public string? Z; public partial int A { get; set; } public string? B; } public partial class T { private int _a; public partial int A { get => _a; set => _a = value; } }",
        "[MemoryPackable] public partial class T { public string? A { get; set; } public int B; public string? C { get; set; } }",
        "[MemoryPackable] public partial record T(string A, int B) { public long C; }",
        "[MemoryPackable] public partial record struct T(string A, int B) { public long C; }",
        "[MemoryPackable] public partial class T { public int A { get; set; } [MemoryPackInclude] private float _b; [MemoryPackInclude] internal string? C { get; set; } public float B() => _b; }",
        "[MemoryPackable] public partial class T { [MemoryPackInclude] private Secret? A { get; set; } [MemoryPackInclude] private List<Secret?[]>? _b; public bool C() => _b is null && A is null; [MemoryPackable] private partial class Secret { public int X { get; set; } public int Y; } }",
        "[MemoryPackable] public partial class T<X> { [MemoryPackInclude] private Dictionary<string, X[]>? _a; public X? B { get; set; } public X? C; public bool D() => _a is null; } // T<int>",
        "[MemoryPackable(GenerateType.VersionTolerant)] public partial class T { [MemoryPackOrder(1)] public int A { get; set; } [MemoryPackOrder(0), MemoryPackInclude] private float _b; public float B() => _b; }",
        "[MemoryPackable] public partial class T { public string? A { private get; set; } public int B { get; set; } public int C { internal get; set; } public bool D() => A is null; }",
        "[MemoryPackable] public partial class T { [MemoryPackInclude, Salted(3, Name = \"a;b\")] private string? _a; [Salted(4)] public string? B { get; set; } public bool C() => _a is null; } [AttributeUsage(AttributeTargets.All)] public sealed class SaltedAttribute(int salt) : MemoryPackCustomFormatterAttribute<string> { public string? Name { get; set; } public int Salt => salt; public override IMemoryPackFormatter<string> GetFormatter() => MemoryPack.Formatters.StringFormatter.Default; }",
        "[MemoryPackable] public partial class T { public int A => 1; public int B; [MemoryPackInclude, Utf8StringFormatter] private string? _c; public bool C() => _c is null; }",
        "public abstract class Base { public int X; public string? Y { get; set; } [MemoryPackInclude] internal long _z; public long Z() => _z; } [MemoryPackable] public partial class T : Base { public string? A { get; set; } }",
        "public class Base { public int X { get; set; } public int Y { get; set; } } [MemoryPackable] public partial class T : Base { public string? A { get; set; } private new int X { get; set; } }",
        "[MemoryPackable] public partial class T { public int A { get; set; } [MemoryPackOnSerializing] private static void Before<W>(ref MemoryPackWriter<W> writer, ref T? value) where W : System.Buffers.IBufferWriter<byte> => writer.WriteUnmanaged(1); [MemoryPackOnDeserializing] private static void Before(ref MemoryPackReader reader, ref T? value) => reader.ReadUnmanaged<int>(); }",
        "public static partial class Outer<Y> { public static int A; } [MemoryPackable] public partial class Entry { public string? A { get; set; } public int WireMembers; private protected int @class; [MemoryPackInclude] private int @event; public int B() => @class + @event; } // Entry",
    ];

    public static TheoryData<string, ReferenceKind> All => new((Seen.Concat(Recorded)).SelectMany(
        _ => Enum.GetValues<ReferenceKind>(), static (declaration, kind) => new TheoryDataRow<string, ReferenceKind>(declaration, kind)));

    public static TheoryData<string> WithRecords => [.. Recorded];

    [Theory]
    [MemberData(nameof(All))]
    public void A_type_of_another_project_has_the_ids_and_the_record_that_it_has_at_home(string declaration, ReferenceKind kind)
    {
        string home = RecordOf(ContractProject.Compile(ContractProject.Usings + Header + declaration, ContractProject.Usings + ContractOf(declaration)))!;
        MetadataReference library = CompiledProject.Of(Header + declaration).ReferTo(kind);

        Assert.NotEmpty(home);
        Assert.Equal(home, RecordOf(ContractProject.Compile(ContractProject.Usings + ContractOf(declaration)).AddReferences(library)));
    }

    [Theory]
    [MemberData(nameof(WithRecords))]
    public async Task What_a_project_without_IrohRpc_does_not_show_is_refused_or_right(string declaration)
    {
        string home = RecordOf(ContractProject.Compile(ContractProject.Usings + Header + declaration, ContractProject.Usings + ContractOf(declaration)))!;
        var library = CompiledProject.Of(Header + declaration, withIrohRpc: false);

        foreach (ReferenceKind kind in (ReferenceKind[])[ReferenceKind.Assembly, ReferenceKind.ReferenceAssembly])
        {
            ContractProject project = ContractProject.Of(ContractProject.Compile(ContractProject.Usings + ContractOf(declaration)).AddReferences(library.ReferTo(kind)));
            if (RecordOf(project.Sources) is { } record)
            {
                Assert.Equal((home, ReferenceKind.Assembly), (record, kind));
                continue;
            }

            Diagnostic refusal = Assert.Single(await project.AnalyzerDiagnosticsAsync());
            Assert.Equal("IROHRPC028", refusal.Id);
            Assert.Contains("'Library'", refusal.GetMessage(null), StringComparison.Ordinal);
            await project.AssertCleanAsync("IROHRPC028");
        }
    }

    [Fact]
    public void A_derived_type_travels_as_MemoryPack_saw_its_base_in_the_project_of_the_derived_one()
    {
        // Its base is compiled when MemoryPack's generator runs: fields first, and nothing private.
        MetadataReference first = CompiledProject.Of(
            "namespace Demo; public class Base { public string? A { get; set; } public int B; [MemoryPackInclude] private int _c; public int C() => _c; }", "First")
            .ReferTo(ReferenceKind.ReferenceAssembly);
        MetadataReference second = CompiledProject.Of(
            "namespace Demo; [MemoryPackable] public partial class T : Base { public string? D { get; set; } public int E; }", "Second", withIrohRpc: true, first)
            .ReferTo(ReferenceKind.ReferenceAssembly);
        string record = RecordOf(ContractProject.Compile(ContractProject.Usings + ContractOf("T")).AddReferences(first, second))!;
        Assert.Contains("type T{B:i32, A:string, D:string, E:i32}\n", record, StringComparison.Ordinal);
    }

    private const string Header = "using System.Runtime.CompilerServices; using System.Runtime.InteropServices;\n#pragma warning disable CS0649, CS8618\nnamespace Demo;\n";

    private static string ContractOf(string declaration)
    {
        int comment = declaration.IndexOf("// ", StringComparison.Ordinal);
        string type = comment < 0 ? "T" : declaration[(comment + 3)..];
        return $"namespace Demo;\n[Alpn(\"c/1\")] public partial interface IC {{ Task<{type}> FAsync({type} value, List<{type}> list, CancellationToken cancellationToken); }}";
    }

    /// <summary>The lines that the contract's record has; null where it cannot be sent.</summary>
    private static string? RecordOf(Compilation compilation)
    {
        IReadOnlyList<DescribedVersion> versions = DescribedVersion.Of(compilation.GetTypeByMetadataName("Demo.IC")!, TestContext.Current.CancellationToken);
        return versions.Count == 0 ? null : ShippedWriter.Write(versions.Select(version => version.Version));
    }
}
