using IrohRpc.Generators.Tests.Compiling;
using Microsoft.CodeAnalysis;

namespace IrohRpc.Generators.Tests.Shipped;

/// <summary>Tests that record one source and check another against the record.</summary>
public abstract class ChangeTests
{
    private protected static async Task AssertReportedAsync(string change, string shipped, string marked, string id, string message)
    {
        string record = ShippedProject.Record(shipped);
        string source = MarkedSource.Strip(marked, out int start, out int length);
        await AssertCompilesAsync(source);

        Diagnostic diagnostic = Assert.Single(await ShippedProject.CheckAsync(source, record));
        Assert.Equal((change, id, message), (change, diagnostic.Id, diagnostic.GetMessage(null)));
        int offset = ContractProject.Usings.Length;
        Assert.Equal((start + offset, length), (diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal(diagnostic.DefaultSeverity == DiagnosticSeverity.Error, ShippedProject.TryRecord(source, record).Refusals.Count > 0);
    }

    private protected static void AssertRecordable(string change, string shipped, string marked, string id, string message)
    {
        string before = ShippedProject.Record(shipped);
        string after = ShippedProject.Record(MarkedSource.Strip(marked, out _, out _), before);
        Assert.True(before != after, $"{change}: {id} {message}");
        Assert.Empty(ShippedFile.Parse(after.Split('\n')).Problems);
    }

    /// <summary>What is checked is a contract in working order: nothing but what shipped speaks against it.</summary>
    private static async Task AssertCompilesAsync(string source)
    {
        ContractProject project = ContractProject.Contract(source);
        Assert.NotEmpty(project.Generated);
        Assert.DoesNotContain(await project.DiagnosticsAsync(), diagnostic => diagnostic.DefaultSeverity == DiagnosticSeverity.Error
            && diagnostic.Location.SourceTree?.FilePath.StartsWith("Source", StringComparison.Ordinal) == true);
    }
}
