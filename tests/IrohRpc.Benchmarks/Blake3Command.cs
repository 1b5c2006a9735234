using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Blake3Of = IrohRpc.Hashing.Blake3;

namespace IrohRpc.Benchmarks;

/// <summary>BLAKE3 beside the Blake3 package. What blobs cost on their way is in <c>compare --filter blob</c>.</summary>
internal static class Blake3Command
{
    private const int Turns = 60;
    private const int WarmUpTurns = 30;
    private static readonly int[] Kibibytes = [1, 2, 4, 8, 16, 32, 64, 128, 1024, 16 * 1024];

    public static Command Create()
    {
        var command = new Command("blake3", "BLAKE3 beside the Blake3 package, on one thread, in turns.");
        command.SetAction(static _ => MeasureHashing());
        return command;
    }

    private static void MeasureHashing()
    {
        Console.WriteLine("| KiB | Blake3 package, GB/s | ours | ratio |");
        Console.WriteLine("|---|---|---|---|");
        foreach (int size in Kibibytes)
        {
            var data = new byte[size * 1024];
            new Random(1).NextBytes(data);
            var hash = new byte[Blake3Of.HashSize];
            double ours = 0;
            double theirs = 0;
            for (int turn = 0; turn < WarmUpTurns + Turns; turn++)
            {
                // The best of many short turns: what else runs on the machine makes every other one slower.
                double their = Rate(data, () => global::Blake3.Hasher.Hash(data, hash));
                double our = Rate(data, () => Blake3Of.Hash(data, hash));
                if (turn >= WarmUpTurns)
                {
                    theirs = Math.Max(theirs, their);
                    ours = Math.Max(ours, our);
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {size} | {theirs:f2} | {ours:f2} | {ours / theirs:f2} |"));
        }
    }

    private static double Rate(byte[] data, Action action)
    {
        int count = Math.Max(1, 2 * 1024 * 1024 / data.Length);
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            action();
        }

        return (double)count * data.Length / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }
}
