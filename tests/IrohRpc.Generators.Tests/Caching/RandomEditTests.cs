using CsCheck;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Generators.Tests.Caching;

/// <summary>One driver follows a project through edits of every kind, and generates after each what one generates that starts there.</summary>
public sealed class RandomEditTests
{
    /// <summary>The files, and what each may say; null where it is gone.</summary>
    private static readonly string?[][] Files =
    [
        [
            "namespace A.B; [Alpn(Names.One + \"/1\")] public partial interface IOne { Task<Item> GetAsync(Kind kind, CancellationToken t); }",
            "namespace A.B; [Alpn(Names.One + \"/1\")] public partial interface IOne : IBase { Task<List<Item>> GetAsync(Short s, CancellationToken t); }",
            "namespace A.B; using Item = Other.Part; [Alpn(\"one/1\")] public partial interface IOne { Task<Item> GetAsync(Kind kind, CancellationToken t); }",
        ],
        [
            "namespace A; [Alpn(\"two/1\")] public partial interface ITwo { Task<Other.Part> GetAsync(CancellationToken t); }",
            "namespace A.C; [Alpn(\"two/1\")] public partial interface ITwo : IBase { [Idempotent] Task<Item> GetAsync(CancellationToken t); }",
        ],
        [
            "namespace A; [MemoryPackable] public partial record Item(int Id, Other.Part Part);",
            "namespace A; [MemoryPackable] public partial record Item(long Id, Pair Pair); public struct Pair(int left) { public int Left => left; public Kind Right; }",
            "#nullable disable\nnamespace A; [MemoryPackable] public partial record Item(string Id);",
            null,
        ],
        [
            null,
            "namespace A.B; [MemoryPackable] public partial record Item(Guid Near);",
            "namespace A.B; public partial interface IOne { void More(Item item); }",
            "namespace A.Other; [MemoryPackable] public partial record Part(DateTime Hidden);",
            "namespace A; public sealed class IdempotentAttribute : Attribute;",
        ],
        [
            "namespace Other; [MemoryPackable] public partial record Part(string Name);",
            "namespace Other; [MemoryPackable] public partial record Part(string Name, A.Kind Kind);",
        ],
        [
            "namespace A; public static class Names { public const string One = \"one\"; } public enum Kind { Good, Bad = Numbers.Bad }",
            "namespace A; public class Names : OldNames; public class OldNames { public const string One = \"uno\"; } public enum Kind : byte { Good }",
        ],
        ["namespace A; public static class Numbers { public const int Bad = 2; }", "namespace A; public static class Numbers { public const int Bad = 3; }"],
        ["global using Short = System.Int16;", "global using Short = A.Kind; global using A.B;", null],
        ["namespace A; public interface IBase { Task OldAsync(CancellationToken t); }", "namespace A; public interface IBase { void Old(Kind kind); }", null],
    ];

    private static readonly Gen<(int File, int Text)> OneEdit = Gen.Int[0, Files.Length - 1].SelectMany(file => Gen.Int[0, Files[file].Length - 1], (file, text) => (file, text));

    [Fact]
    public void Whatever_is_edited_the_code_is_what_a_first_run_makes()
        => OneEdit.Array[1, 12].Sample(
            edits =>
            {
                var trees = new SyntaxTree?[Files.Length];
                for (int file = 0; file < Files.Length; file++)
                {
                    trees[file] = Parse(file, 0);
                }

                GeneratorDriver driver = GeneratedCode.NewDriver().RunGenerators(Compile(trees), TestContext.Current.CancellationToken);
                foreach ((int file, int text) in edits)
                {
                    trees[file] = Parse(file, text);
                    CSharpCompilation compilation = Compile(trees);
                    driver = driver.RunGenerators(compilation, TestContext.Current.CancellationToken);
                    Assert.Equal(GeneratedCode.FromScratch(compilation), GeneratedCode.Of(driver));
                }
            },
            iter: 100,
            threads: 1);

    private static CSharpCompilation Compile(SyntaxTree?[] trees)
        => CSharpCompilation.Create("Random", trees.OfType<SyntaxTree>(), References.All, ContractProject.Options);

    private static SyntaxTree? Parse(int file, int text)
        => Files[file][text] is not { } source ? null
            : ContractProject.Parse(source.StartsWith("global", StringComparison.Ordinal) ? source : ContractProject.Usings + source, $"File{file}.cs");
}
