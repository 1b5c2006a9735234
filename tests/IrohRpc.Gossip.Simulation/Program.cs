using System.Diagnostics;
using System.Globalization;
using IrohRpc.Gossip.Simulation;

// simulation [members = 1000] [seed = 1] [file.svg]: one line of a table for each scenario, and a plot.
int members = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1000;
int seed = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1;
var runs = new List<(string, Figures)>();
Console.WriteLine("| scenario | members | groups | reached | redundancy | hops (mean, most) | latency ms (median, 99 %, most) |");
Console.WriteLine("|---|---|---|---|---|---|---|");
long start = Stopwatch.GetTimestamp();
foreach (string name in Scenario.Names)
{
    Figures figures = Scenario.Measure(Scenario.Prepare(name, members, seed), warmUp: 50, count: 50, seed);
    runs.Add((name, figures));
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {figures.Members} | {figures.Components} | {figures.Reliability:P3} | {figures.Redundancy:f3} | {figures.MeanHops:f1}, {figures.MaxHops} | {figures.MedianMs:f0}, {figures.P99Ms:f0}, {figures.MaxMs:f0} |"));
}

Console.Error.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalSeconds:f0} s");
if (args.Length > 2)
{
    await File.WriteAllTextAsync(args[2], Plot.Draw(runs));
}
