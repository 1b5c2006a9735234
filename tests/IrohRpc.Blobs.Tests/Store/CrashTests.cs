using System.Diagnostics;
using System.Globalization;
using IrohRpc.Blobs.Tests.Support;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Tests.Store;

public sealed class CrashTests
{
    // Each kill costs a start of a process; IROHRPC_CRASH_KILLS sets another number.
    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("IROHRPC_CRASH_KILLS") ?? "200", CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_process_that_is_killed_anywhere_loses_nothing_that_was_promised_and_claims_nothing_that_it_does_not_have()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(4);
        var complete = new HashSet<BlobHash>();
        var groups = new Dictionary<BlobHash, ChunkRanges>();
        var tags = new HashSet<string>();
        int promises = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            List<string> lines = await RunAndKillAsync(folder["store"], kill, random.Next(1, 60), TimeSpan.FromMicroseconds(random.Next(3_000)));
            promises += lines.Count;
            Record(lines, complete, groups, tags);
            await using BlobStore store = await BlobStore.OpenAsync(folder["store"], cancellationToken: Cancellation);
            Assert.Empty(store.FoundAtOpening);
            foreach (BlobHash hash in complete)
            {
                Assert.True(store.IsComplete(hash), $"kill {kill}: {hash} was complete and is not there");
            }

            Assert.True(tags.IsSubsetOf(store.Tags.Keys), $"kill {kill}: a tag is gone");
            Assert.False(File.Exists(folder["store/journal.new"]));
            foreach ((BlobHash hash, ChunkRanges promised) in groups)
            {
                ChunkRanges present = store.Find(hash)?.Present ?? ChunkRanges.None;
                Assert.True(promised.Except(present).IsEmpty, $"kill {kill}: {hash} had {promised} and has {present}");
            }

            foreach (BlobInfo info in store.List())
            {
                Assert.True(await store.VerifyAsync(info.Hash, Cancellation), $"kill {kill}: {info} is not what is stored");
            }

            // Starts afresh now and then, so that what accumulates does not slow it down.
            if (kill % 20 == 19)
            {
                foreach (BlobInfo info in store.List())
                {
                    store.Remove(info.Hash);
                }

                complete.Clear();
                groups.Clear();
            }
        }

        Assert.True(promises > Kills * 5, $"Only {promises} promises were made.");
    }

    private static void Record(List<string> lines, HashSet<BlobHash> complete, Dictionary<BlobHash, ChunkRanges> groups, HashSet<string> tags)
    {
        foreach (string[] words in lines.Select(static line => line.Split(' ')))
        {
            switch (words[0])
            {
                case "complete":
                    complete.Add(BlobHash.Parse(words[1]));
                    groups.Remove(BlobHash.Parse(words[1]));
                    break;
                case "groups":
                    var hash = BlobHash.Parse(words[1]);
                    ulong from = ulong.Parse(words[2], CultureInfo.InvariantCulture) * BlobTree.ChunksPerGroup;
                    ulong to = (ulong.Parse(words[3], CultureInfo.InvariantCulture) - 1) * BlobTree.ChunksPerGroup;
                    groups[hash] = groups.GetValueOrDefault(hash, ChunkRanges.None).Union(ChunkRanges.Of(from, to + 1));
                    break;
                case "tag":
                    tags.Add(words[1]);
                    break;
                case "removing":
                    complete.Remove(BlobHash.Parse(words[1]));

                    // A collection takes along whatever nothing keeps.
                    groups.Clear();
                    break;
            }
        }
    }

    private static async Task<List<string>> RunAndKillAsync(string folder, int seed, int linesBefore, TimeSpan delay)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "IrohRpc.Blobs.Crash.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, folder, seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var lines = new List<string>();
        while (lines.Count < linesBefore && await process.StandardOutput.ReadLineAsync(Cancellation) is { } line)
        {
            lines.Add(line);
        }

        // The point of a random moment is that it is random: no signal could stand for it.
        long until = Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency);
        while (Stopwatch.GetTimestamp() < until)
        {
        }

        process.Kill();
        string rest = await process.StandardOutput.ReadToEndAsync(Cancellation);
        string errors = await process.StandardError.ReadToEndAsync(Cancellation);
        Assert.Equal("", errors);
        await process.WaitForExitAsync(Cancellation);

        // A line that was cut off is no promise yet.
        string whole = rest[..(rest.LastIndexOf('\n') + 1)];
        lines.AddRange(whole.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return lines;
    }
}
