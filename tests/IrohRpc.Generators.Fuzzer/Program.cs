using System.Diagnostics;
using System.Globalization;
using IrohRpc.Generators.Tests.Fuzzing;

if (args is not [{ } mode and ("build" or "edit"), { } first, { } second]
    || !int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
    || !int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out int seed))
{
    Console.Error.WriteLine("build <files> <seed>        builds so many files of random contracts");
    Console.Error.WriteLine("edit <projects> <seed>      edits so many projects of random contracts, eight times each");
    return 2;
}

long started = Stopwatch.GetTimestamp();
string? finding = mode == "build" ? await ContractFuzzer.BuildAsync(count, seed, Console.WriteLine) : ContractFuzzer.Edit(count, seed);
Console.WriteLine(finding ?? $"nothing found in {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");
return finding is null ? 0 : 1;
