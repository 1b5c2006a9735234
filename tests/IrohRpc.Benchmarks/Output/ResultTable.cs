using System.Globalization;
using IrohRpc.Benchmarks.Measuring;
using Spectre.Console;

namespace IrohRpc.Benchmarks.Output;

/// <summary>The results as tables for people.</summary>
internal static class ResultTable
{
    public static void Write(IAnsiConsole console, IReadOnlyList<Result> results)
    {
        Table table = new Table().Border(TableBorder.Markdown);
        table.AddColumns("scenario", "callers", "system", "transport", "median", "unit", "bytes/op", "÷ irohrpc");
        foreach (int right in new[] { 1, 4, 6, 7 })
        {
            table.Columns[right].RightAligned();
        }

        foreach (Result result in results)
        {
            table.AddRow(
                result.Scenario.Name,
                result.Scenario.Callers.ToString(CultureInfo.InvariantCulture),
                result.System.Name,
                result.System.Transport,
                Format(result.Median),
                result.Scenario.Unit,
                result.BytesPerOperation is { } bytes ? Format(bytes) : "",
                Ratios.ToOurs(result, results) is { } ratio ? Format(ratio) : "");
        }

        console.Write(table);
        foreach (Result result in results.Where(result => result.Details.Any()))
        {
            console.WriteLine($"{result.Scenario.Name}, {result.System}: {string.Join(", ", result.Details.Select(detail => $"{detail.Key} {Format(detail.Value)}"))}");
        }
    }

    public static void Write(IAnsiConsole console, IEnumerable<Verdicts.Verdict> verdicts)
    {
        Table table = new Table().Border(TableBorder.Markdown);
        table.AddColumns("target", "measured", "");
        table.Columns[1].RightAligned();
        foreach (Verdicts.Verdict verdict in verdicts)
        {
            table.AddRow(verdict.Target, Format(verdict.Measured), verdict.IsReached ? "reached" : "not reached");
        }

        if (table.Rows.Count > 0)
        {
            console.WriteLine();
            console.Write(table);
        }
    }

    private static string Format(double value)
        => value.ToString(Math.Abs(value) >= 1000 ? "N0" : Math.Abs(value) >= 20 ? "N1" : "N2", CultureInfo.InvariantCulture);
}
