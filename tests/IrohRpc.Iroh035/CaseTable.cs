using System.Diagnostics;
using System.Globalization;

namespace IrohRpc.Iroh035;

/// <summary>Runs cases one after the other and prints a line of a table for each.</summary>
internal sealed class CaseTable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    public int Failures { get; private set; }

    public async Task RunAsync(string name, string direction, Func<Task> run)
    {
        long start = Stopwatch.GetTimestamp();
        string result;
        try
        {
            await run().WaitAsync(Patience);
            result = "yes";
        }
#pragma warning disable CA1031 // Whatever a case fails with is its result.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failures++;
            result = $"NO: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}";
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {name} | {direction} | {result} | {Stopwatch.GetElapsedTime(start).TotalSeconds:f2} s |"));
    }
}
