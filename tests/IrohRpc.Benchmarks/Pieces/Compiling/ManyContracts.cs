using System.Text;
using MemoryPack;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Benchmarks.Pieces.Compiling;

/// <summary>A large project: contracts in a file each, their records in another file each, and a class that has nothing to do with them.</summary>
internal static class ManyContracts
{
    public const int Contracts = 200;

    /// <summary>The contract that is edited.</summary>
    public const string Edited = "Contract100.cs";

    /// <summary>The file without contracts.</summary>
    public const string Elsewhere = "Elsewhere.cs";

    private const int MethodsEach = 10;

    /// <summary>The project, parsed anew.</summary>
    public static CSharpCompilation Compile()
    {
        var trees = new List<SyntaxTree> { Parse(Elsewhere, SourceElsewhere(0)), Parse("Shared.cs", SharedSource) };
        for (int i = 0; i < Contracts; i++)
        {
            trees.Add(Parse($"Contract{i}.cs", ContractSource(i)));
            trees.Add(Parse($"Records{i}.cs", RecordsSource(i)));
        }

        return CSharpCompilation.Create(
            "Many", trees, References(), new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary).WithNullableContextOptions(NullableContextOptions.Enable));
    }

    /// <summary>A project in which a file's text is another.</summary>
    public static CSharpCompilation Edit(CSharpCompilation project, string file, string text)
        => project.ReplaceSyntaxTree(project.SyntaxTrees.Single(tree => tree.FilePath == file), Parse(file, text));

    /// <summary>The edited contract, with something different in each edition.</summary>
    public static string EditedSource(int edition) => ContractSource(100).Replace("int number", $"int number{edition}", StringComparison.Ordinal);

    /// <summary>The class that has nothing to do with contracts, with something different in each edition.</summary>
    public static string SourceElsewhere(int edition)
        => $$"""
            namespace Many;

            public static class Elsewhere
            {
                public static int Answer(int question) => question + {{edition}};
            }
            """;

    private const string SharedSource = """
        using MemoryPack;

        namespace Many;

        [MemoryPackable]
        public partial record Shared(System.Guid Id, string Title, System.DateTimeOffset At);

        public enum State { Open, Closed }
        """;

    private static string ContractSource(int number)
    {
        var text = new StringBuilder($$"""
            using System.Collections.Generic;
            using System.Threading;
            using System.Threading.Tasks;
            using IrohRpc;

            namespace Many;

            [Alpn("many-{{number}}/2"), Alpn("many-{{number}}/1")]
            public partial interface IContract{{number}}
            {

            """);
        for (int i = 0; i < MethodsEach; i++)
        {
            text.AppendLine((i % 5) switch
            {
                0 => $"    ValueTask<Answer{number}> Ask{i}Async(Question{number} question, CancellationToken cancellation = default);",
                1 => $"    ValueTask<string> Name{i}Async(string name, int number, CancellationToken cancellation = default);",
                2 => $"    IAsyncEnumerable<Answer{number}> Watch{i}Async(List<Question{number}> questions, CancellationToken cancellation = default);",
                3 => $"    [Since(\"many-{number}/2\"), Idempotent] Task<Shared?> Find{i}Async(Dictionary<string, Shared> known, CancellationToken cancellation = default);",
                _ => $"    void Note{i}(Shared shared, State state);",
            });
        }

        return text.AppendLine("}").ToString();
    }

    private static string RecordsSource(int number)
        => $$"""
            using System.Collections.Generic;
            using MemoryPack;

            namespace Many;

            [MemoryPackable]
            public partial record Question{{number}}(int Number, string Text, List<Shared> About, State State);

            [MemoryPackable]
            public partial record Answer{{number}}(Question{{number}} Question, string? Text, double[] Weights, Dictionary<int, string> Notes);
            """;

    private static SyntaxTree Parse(string path, string text)
        => CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Latest), path, Encoding.UTF8);

    private static IEnumerable<MetadataReference> References()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] trusted = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        string[] own = [typeof(MemoryPackSerializer).Assembly.Location, typeof(AlpnAttribute).Assembly.Location];
        return trusted.Where(path => Path.GetDirectoryName(path) == framework).Concat(own).Select(path => MetadataReference.CreateFromFile(path));
    }
}
