using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>A type may have another name in C# and keep the one that shipped; and a record that is gone is missed.</summary>
public class RenamedTypeTests
{
    private const string Contract = "[Alpn(\"a/1\")] public partial interface IC { Task<Person> FindAsync(int id, List<Person> all, Kind kind, Spot spot, CancellationToken t); }";

    private const string Before = Contract + """
        [MemoryPackable] public partial record Person(string Name, Person? Friend);
        public enum Kind { A, B }
        public struct Spot { public int X; }
        """;

    private static readonly string Renamed = (Contract + """
        [MemoryPackable] public partial record Human(string Name, Human? Friend);
        public enum Sort { A, B }
        public struct Place { public int X; }
        """).Replace("Person", "Human", StringComparison.Ordinal).Replace("Kind ", "Sort ", StringComparison.Ordinal).Replace("Spot ", "Place ", StringComparison.Ordinal);

    private static readonly string Kept = Renamed
        .Replace("[MemoryPackable] public partial record Human", "[MemoryPackable, WireName(\"Person\")] public partial record Human", StringComparison.Ordinal)
        .Replace("public enum Sort", "[WireName(\"Kind\")] public enum Sort", StringComparison.Ordinal)
        .Replace("public struct Place", "[WireName(\"Spot\")] public struct Place", StringComparison.Ordinal);

    [Fact]
    public async Task A_renamed_type_is_told_how_to_keep_its_name()
    {
        string[] messages = [.. (await ShippedProject.CheckAsync(Renamed, ShippedProject.Record(Before))).Select(diagnostic => diagnostic.GetMessage(null))];
        Assert.NotEmpty(messages);
        Assert.Contains(messages, message => message.Contains("give 'Human' [WireName(\"Person\")]", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.Contains("give 'Sort' [WireName(\"Kind\")]", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.Contains("give 'Place' [WireName(\"Spot\")]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_type_that_keeps_its_name_on_the_wire_is_as_it_shipped()
    {
        string shipped = ShippedProject.Record(Before);
        Assert.Empty(await ShippedProject.CheckAsync(Kept, shipped));
        Assert.Equal(shipped, ShippedProject.Record(Kept, shipped));
    }

    [Theory]
    [InlineData("A \"name\" (of: a) <type>")]
    [InlineData("Money/2")]
    [InlineData("~^!#@*'=")]
    public async Task Any_wire_name_can_be_recorded(string name)
    {
        string source = $"[Alpn(\"a/1\")] public partial interface IC {{ Task F(P a, List<S> b, CancellationToken t); }} [MemoryPackable, WireName({Literal(name)})] public partial record P(S A, P? B); [WireName({Literal(name + "s")})] public struct S {{ public int X; }}";
        if (name.Contains(' ', StringComparison.Ordinal))
        {
            Assert.Equal(["IROHRPC017", "IROHRPC017"], (await ContractProject.Contract(source).AnalyzerDiagnosticsAsync()).Select(diagnostic => diagnostic.Id));
            return;
        }

        string shipped = ShippedProject.Record(source);
        Assert.Empty(await ShippedProject.CheckAsync(source, shipped));
        Assert.Equal(shipped, ShippedProject.Record(source, shipped));
    }

    [Fact]
    public async Task A_file_that_is_gone_is_missed_and_one_that_never_was_is_not()
    {
        Diagnostic lost = Assert.Single(await ShippedProject.CheckAsync(Before, null, "IrohRpcShippedContracts", "IrohRpcShippedFileIsLost"));
        Assert.Equal(("IROHRPC049", DiagnosticSeverity.Error), (lost.Id, lost.Severity));
        Diagnostic never = Assert.Single(await ShippedProject.CheckAsync(Before, null, "IrohRpcShippedContracts"));
        Assert.Equal("IROHRPC030", never.Id);
        Assert.Empty(await ShippedProject.CheckAsync(Before, null, "IrohRpcShippedContracts", "IrohRpcShippedFileIsLost", "RecordContracts"));
    }

    [Fact]
    public async Task An_emptied_file_is_missed()
    {
        Diagnostic lost = Assert.Single(await ShippedProject.CheckAsync(Before, ""));
        Assert.Equal("IROHRPC049", lost.Id);
        Assert.Empty(await ShippedProject.CheckAsync("public interface INone;", ""));
    }

    private static string Literal(string text) => Microsoft.CodeAnalysis.CSharp.SymbolDisplay.FormatLiteral(text, quote: true);
}
