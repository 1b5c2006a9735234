using System.Collections.Immutable;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>The check as a whole: when it speaks, of what in the file, and where nothing is left in the source.</summary>
public class ShippedAnalyzerTests
{
    private const string One = "[Alpn(\"c/1\")] public partial interface IC { Task F(int a, CancellationToken t); }";

    [Fact]
    public async Task A_new_contract_is_a_warning_until_it_is_recorded()
    {
        Diagnostic diagnostic = Assert.Single(await ShippedProject.CheckAsync(One, null));
        Assert.Equal(("IROHRPC030", DiagnosticSeverity.Warning), (diagnostic.Id, diagnostic.Severity));
        Assert.Equal(
            "\"c/1\" of 'IC' is not recorded, so that nothing keeps it from changing once peers out there speak it; "
                + "record it with \"dotnet build -p:RecordContracts=true\" before it ships",
            diagnostic.GetMessage(null));
        Assert.Equal("Alpn(\"c/1\")", TextAt(diagnostic));
        Assert.Empty(await ShippedProject.CheckAsync(One, ShippedProject.Record(One)));
    }

    [Fact]
    public async Task A_project_that_does_not_ask_for_records_hears_nothing()
        => Assert.Empty(await ShippedProject.CheckAsync(One, null, "SomethingElse"));

    [Fact]
    public async Task A_shipped_file_is_reason_enough_to_check()
        => Assert.Equal(
            ["IROHRPC032"],
            Ids(await ShippedProject.CheckAsync(One.Replace("int a", "long a", StringComparison.Ordinal), ShippedProject.Record(One), "SomethingElse")));

    [Fact]
    public async Task What_is_being_recorded_is_not_asked_for()
    {
        string[] recording = ["IrohRpcShippedContracts", "RecordContracts"];
        Assert.Empty(await ShippedProject.CheckAsync(One, null, recording));
        Assert.Equal(["IROHRPC033"], Ids(await ShippedProject.CheckAsync(One.Replace("F", "G", StringComparison.Ordinal), ShippedProject.Record(One), recording)));
    }

    [Fact]
    public async Task A_contract_that_is_gone_is_reported_in_the_file()
    {
        string shipped = ShippedProject.Record(One + "\n[Alpn(\"d/1\")] public partial interface ID { void G(); }");
        Diagnostic diagnostic = Assert.Single(await ShippedProject.CheckAsync(One, shipped));
        Assert.Equal(
            "\"d/1\" shipped, and no contract serves it: peers out there that have nothing newer fail with NoCommonAlpn; "
                + "put it back, or write \"retired\" behind it in IrohRpc.Shipped.txt",
            diagnostic.GetMessage(null));
        AssertLine("alpn d/1", shipped, diagnostic);
    }

    [Fact]
    public async Task A_version_that_is_gone_is_reported_at_its_contract()
    {
        const string two = "[Alpn(\"c/2\"), Alpn(\"c/1\")] public partial interface IC { void F(); }";
        Diagnostic diagnostic = Assert.Single(await ShippedProject.CheckAsync(two.Replace(", Alpn(\"c/1\")", "", StringComparison.Ordinal), ShippedProject.Record(two)));
        Assert.Equal(("IROHRPC037", "IC"), (diagnostic.Id, TextAt(diagnostic)));
    }

    [Fact]
    public async Task A_renamed_version_is_one_that_is_gone_and_one_that_is_new()
        => Assert.Equal(
            ["IROHRPC031", "IROHRPC037"],
            Ids(await ShippedProject.CheckAsync(One.Replace("c/1", "c/1.0", StringComparison.Ordinal), ShippedProject.Record(One))));

    [Fact]
    public async Task A_retired_version_may_go_and_may_not_come_back()
    {
        string shipped = ShippedProject.Record(One).Replace("alpn c/1", "alpn c/1 retired", StringComparison.Ordinal);
        Assert.Empty(await ShippedProject.CheckAsync("public class Nothing;", shipped));
        Diagnostic diagnostic = Assert.Single(await ShippedProject.CheckAsync(One, shipped));
        Assert.Equal(("IROHRPC035", "Alpn(\"c/1\")"), (diagnostic.Id, TextAt(diagnostic)));
        Assert.Equal(
            "\"c/1\" is retired, and 'IC' serves it: peers out there that still have it would take this for what they know; "
                + "use a new ALPN, such as \"c/2\", or take the word \"retired\" out of IrohRpc.Shipped.txt to be held to what shipped",
            diagnostic.GetMessage(null));
    }

    [Fact]
    public async Task A_version_after_a_retired_one_is_an_addition()
        => Assert.Equal(
            ["IROHRPC031"],
            Ids(await ShippedProject.CheckAsync(
                One.Replace("c/1", "c/2", StringComparison.Ordinal),
                ShippedProject.Record(One).Replace("alpn c/1", "alpn c/1 retired", StringComparison.Ordinal))));

    [Fact]
    public async Task A_file_with_a_merge_conflict_is_reported_line_by_line_and_nothing_else_is()
    {
        string shipped = ShippedProject.Record(One).Replace("alpn c/1\n", "alpn c/1\n<<<<<<< HEAD\n=======\n>>>>>>> theirs\n", StringComparison.Ordinal);
        ImmutableArray<Diagnostic> diagnostics = await ShippedProject.CheckAsync(One.Replace("int a", "long a", StringComparison.Ordinal), shipped);
        Assert.Equal(["IROHRPC039", "IROHRPC039", "IROHRPC039"], Ids(diagnostics));
        Diagnostic first = diagnostics.OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start).First();
        AssertLine("<<<<<<< HEAD", shipped, first);
        Assert.Equal(
            "Line 5 of IrohRpc.Shipped.txt marks a merge conflict; keep what shipped from either side, and record again; "
                + "until then nothing is checked against what peers out there speak",
            first.GetMessage(null));
    }

    [Fact]
    public async Task A_contract_that_a_tool_wrote_is_checked_as_well()
        => Assert.Equal(
            ["IROHRPC032"],
            Ids(await ShippedProject.CheckAsync(
                ContractProject.Of("// <auto-generated/>\n" + ContractProject.Usings + One.Replace("int a", "long a", StringComparison.Ordinal)).Compilation,
                ShippedProject.Record(One))));

    [Fact]
    public async Task A_contract_that_does_not_work_is_not_compared_and_not_taken_for_gone()
        => Assert.Empty(await ShippedProject.CheckAsync("[Alpn(\"c/1\")] public partial interface IC { int F(); }", ShippedProject.Record(One)));

    [Fact]
    public async Task An_id_that_is_not_the_one_of_its_method_is_an_error()
    {
        string shipped = ShippedProject.Record(One);
        int id = shipped.IndexOf("->void ", StringComparison.Ordinal) + "->void ".Length;
        Diagnostic diagnostic = Assert.Single(await ShippedProject.CheckAsync(One, string.Concat(shipped.AsSpan(0, id), "00000000", shipped.AsSpan(id + 8))));
        Assert.Equal("IROHRPC032", diagnostic.Id);
        Assert.StartsWith($"Under \"c/1\", 'IC.F' has the id {shipped.Substring(id, 25)}, and shipped with 00000000", diagnostic.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_changed_in_another_project_is_reported_at_what_uses_it(bool inEditor)
    {
        const string models = """
            namespace Models;
            public enum Kind { A }
            [MemoryPackable] public partial record Point(int X);
            public interface IBase { Task<Point> InheritedAsync(Kind kind, CancellationToken t); }
            """;
        const string contracts = """
            using Models;
            [Alpn("c/1")] public partial interface IC : IBase { Task<Point> F(CancellationToken t); }
            [Alpn("d/1")] public partial interface ID : IBase;
            """;
        string shipped = ShippedProject.Record(models + "\n" + contracts.Replace("using Models;", "", StringComparison.Ordinal));
        CSharpCompilation changed = ContractProject.Compile(ContractProject.Usings + models
            .Replace("int X", "long X", StringComparison.Ordinal).Replace("{ A }", "{ A, B }", StringComparison.Ordinal)).WithAssemblyName("Models");
        MetadataReference reference = inEditor ? changed.ToMetadataReference() : Image(ContractProject.Of(changed).Compilation);
        ContractProject project = ContractProject.Of(ContractProject.Compile(ContractProject.Usings + contracts).AddReferences(reference));

        ImmutableArray<Diagnostic> diagnostics = await ShippedProject.CheckAsync(project.Compilation, shipped);
        Assert.Equal(
            ["IROHRPC034 'Kind.B' at IC", "IROHRPC034 'Kind.B' at ID", "IROHRPC034 'Point.X' at F", "IROHRPC034 'Point.X' at ID"],
            diagnostics.Select(diagnostic => $"{diagnostic.Id} {diagnostic.GetMessage(null).Split(' ')[2]} at {TextAt(diagnostic)}").Order(StringComparer.Ordinal));
    }

    private static PortableExecutableReference Image(Compilation compilation)
    {
        using var image = new MemoryStream();
        Assert.True(compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        return MetadataReference.CreateFromImage(image.ToArray());
    }

    private static IEnumerable<string> Ids(ImmutableArray<Diagnostic> diagnostics) => diagnostics.Select(diagnostic => diagnostic.Id).Order();

    private static string TextAt(Diagnostic diagnostic)
        => diagnostic.Location.SourceTree!.GetText().ToString(diagnostic.Location.SourceSpan);

    private static void AssertLine(string line, string shipped, Diagnostic diagnostic)
    {
        FileLinePositionSpan place = diagnostic.Location.GetLineSpan();
        Assert.Equal(ShippedProject.FilePath, place.Path);
        Assert.Equal(line, shipped.Split('\n')[place.StartLinePosition.Line].Trim());
    }
}
