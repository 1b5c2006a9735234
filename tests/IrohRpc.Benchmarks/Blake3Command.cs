using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Blake3Of = IrohRpc.Hashing.Blake3;

namespace IrohRpc.Benchmarks;

/// <summary>BLAKE3 beside the Blake3 package. What blobs cost on their way is in <c>compare --filter blob</c>.</summary>
internal static class Blake3Command
{
    public static Command Create()
    {
        var command = new Command("blake3", "BLAKE3 beside the Blake3 package.");
        command.SetAction(static _ => MeasureHashing());
        return command;
    }

    private static void MeasureHashing()
    {
        var data = new byte[1024 * 1024];
        new Random(1).NextBytes(data);
        var hash = new byte[Blake3Of.HashSize];
        var ours = new List<double>();
        var theirs = new List<double>();
        for (int turn = 0; turn < 9; turn++)
        {
            theirs.Add(Rate(() => global::Blake3.Hasher.Hash(data, hash)));
            ours.Add(Rate(() => Blake3Of.Hash(data, hash)));
        }

        ours.Sort();
        theirs.Sort();
        Print($"blake3, 1 MiB: ours {ours[4]:f2} GB/s, package {theirs[4]:f2} GB/s, ratio {ours[4] / theirs[4]:f2}");

        double Rate(Action action)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 64; i++)
            {
                action();
            }

            return 64.0 * data.Length / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
        }
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
