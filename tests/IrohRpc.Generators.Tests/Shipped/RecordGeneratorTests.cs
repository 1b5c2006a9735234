using System.Security.Cryptography;
using System.Text;
using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>What a build that records is handed: the new text, over what, and why it must not be.</summary>
public class RecordGeneratorTests
{
    private const string One = "[Alpn(\"c/1\")] public partial interface IC { Task F(int a, CancellationToken t); }";

    [Fact]
    public void A_build_that_does_not_record_is_handed_nothing() => Assert.Null(Generate(One, null, "IrohRpcShippedContracts"));

    [Fact]
    public void A_build_that_records_is_handed_the_new_text()
    {
        string[] lines = Generate(One, null, "RecordContracts")!.TrimEnd('\n').Split('\n');
        Assert.Equal("//over nothing", lines[1]);
        Assert.Equal(ShippedProject.Record(One).TrimEnd('\n').Split('\n').Select(line => "//|" + line), lines.Skip(2));
    }

    [Fact]
    public void A_build_that_records_is_told_over_what()
    {
        string shipped = ShippedProject.Record(One).Replace("\n", "\r\n", StringComparison.Ordinal);
        Assert.Contains(
            $"//over {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(shipped)))}\n",
            Generate(One, shipped, "RecordContracts")!,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_breaks_something_that_shipped_is_handed_on_as_a_refusal()
    {
        string shipped = ShippedProject.Record(One + "\n[Alpn(\"d/1\")] public partial interface ID { void G(); }");
        string[] refusals = [.. Generate(One.Replace("int a", "long a", StringComparison.Ordinal), shipped, "RecordContracts")!
            .Split('\n').Where(line => line.StartsWith("//refused ", StringComparison.Ordinal))];
        Assert.Equal(2, refusals.Length);
        Assert.StartsWith("//refused IROHRPC032: Under \"c/1\", 'IC.F' takes i64 as parameter 1", refusals[0], StringComparison.Ordinal);
        Assert.Equal("//refused IROHRPC037: \"d/1\" is gone, and not marked as retired", refusals[1]);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_handed_on_as_a_refusal()
        => Assert.Contains(
            "//refused line 2 marks a merge conflict; keep what shipped from either side, and record again\n",
            Generate(One, "alpn c/1\n=======\n", "RecordContracts")!,
            StringComparison.Ordinal);

    private static string? Generate(string source, string? shipped, string property)
    {
        AnalyzerOptions options = ShippedProject.OptionsOf(shipped, property);
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new RecordGenerator().AsSourceGenerator()],
            options.AdditionalFiles,
            optionsProvider: options.AnalyzerConfigOptionsProvider);
        GeneratorRunResult result = Assert.Single(driver
            .RunGenerators(ContractProject.Contract(source).Sources, TestContext.Current.CancellationToken).GetRunResult().Results);
        Assert.Null(result.Exception);
        return result.GeneratedSources.Select(file => file.SourceText.ToString()).SingleOrDefault();
    }
}
