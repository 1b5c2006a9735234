using System.Collections.Immutable;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Generators.Tests.Diagnostics;

/// <summary>Each mistake is reported with its id, where it stands, in words that name the culprit; and nothing beside it is.</summary>
public class ContractDiagnosticsTests
{
    /// <summary>Id, source with the place at fault in brackets, message.</summary>
    public static TheoryData<string, string, string> Mistakes => [.. ContractMistakes.All, .. MethodMistakes.All, .. ValueMistakes.All];

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_reported_where_it_stands(string id, string marked, string message)
    {
        string source = MarkedSource.Strip(marked, out int start, out int length);
        ContractProject project = ContractProject.Contract(source);
        ImmutableArray<Diagnostic> diagnostics = await project.AnalyzerDiagnosticsAsync();

        Diagnostic diagnostic = Assert.Single(diagnostics);
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(message, diagnostic.GetMessage(null));
        int offset = ContractProject.Usings.Length;
        Assert.Equal((start + offset, length), (diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
    }

    [Fact]
    public void Every_diagnostic_has_a_test()
        => Assert.Equal(
            new ContractAnalyzer().SupportedDiagnostics.Select(descriptor => descriptor.Id).Except(DiagnosticPagesTests.WithSurroundings).Order(),
            Mistakes.Select(row => row.Data.Item1).Distinct().Order());

    [Fact]
    public async Task An_error_keeps_the_contract_from_being_generated_and_no_other()
    {
        ContractProject project = ContractProject.Contract("""
            [Alpn("a/1")] public partial interface IWrong { int F(); }
            [Alpn("b/1")] public partial interface IRight { Task F(CancellationToken t); }
            """);
        Assert.Equal("IRight.g.cs", Assert.Single(project.Generated).Key);
        Assert.Single(await project.AnalyzerDiagnosticsAsync());
    }

    [Fact]
    public async Task What_is_wrong_with_an_inherited_contract_is_reported_once()
    {
        ContractProject project = ContractProject.Contract("""
            [Alpn("a/1")] public partial interface IOld { int F(); }
            [Alpn("a/2")] public partial interface INew : IOld { Task G(CancellationToken t); }
            """);
        Assert.Equal("IROHRPC008", Assert.Single(await project.AnalyzerDiagnosticsAsync()).Id);
        Assert.Empty(project.Generated);
    }

    [Theory]
    [InlineData("Alpn(\"b/1\")")]
    [InlineData("Obsolete")]
    public async Task What_is_wrong_in_another_project_is_reported_at_the_contract_that_inherits_it(string attribute)
    {
        CSharpCompilation other = ContractProject.Compile(ContractProject.Usings + $$"""
            namespace Other;
            [{{attribute}}] public partial interface IBase
            {
                int F();
                [Fault<Exception>, WireName("")] Task G(Exception e, Stream? s, int t);
                Task H(int a, ref int b, CancellationToken t);
                Task H(int a, CancellationToken t);
            }
            """).WithAssemblyName("Other");

        // As an editor compiles it: with the other project's source at hand, and no place in it for this project's diagnostics.
        CSharpCompilation contracts = ContractProject.Compile(
            ContractProject.Usings + "#pragma warning disable CS0612\n[Alpn(\"a/1\")] public partial interface IC : Other.IBase;").AddReferences(other.ToMetadataReference());
        ImmutableArray<Diagnostic> diagnostics = await ContractProject.Of(contracts).AnalyzerDiagnosticsAsync();

        Assert.Equal(["IROHRPC007", "IROHRPC008", "IROHRPC009", "IROHRPC017", "IROHRPC020"], diagnostics.Select(diagnostic => diagnostic.Id).Distinct().Order());
        Assert.All(diagnostics, diagnostic => Assert.Equal("IC", diagnostic.Location.SourceTree!.ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length)));
    }

    [Fact]
    public async Task An_ALPN_of_255_bytes_is_taken_and_a_longer_one_is_not()
    {
        static string Source(int length) => $"[Alpn(\"{new string('a', length - 2)}/1\")] public partial interface IC;";
        Assert.Empty(await ContractProject.Contract(Source(255)).AnalyzerDiagnosticsAsync());
        Diagnostic diagnostic = Assert.Single(await ContractProject.Contract(Source(256)).AnalyzerDiagnosticsAsync());
        Assert.EndsWith("has 256 bytes; 255 are allowed", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_one_way_method_needs_no_cancellation_token()
        => Assert.Empty(await ContractProject.Contract("[Alpn(\"a/1\")] public partial interface IC { void F(int a); }").AnalyzerDiagnosticsAsync());
}
