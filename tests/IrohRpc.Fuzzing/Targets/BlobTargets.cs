using System.Text;
using IrohRpc.Blobs;
using IrohRpc.Blobs.Protocol;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Fuzzing;

/// <summary>Requests for blobs, what providers answer, and what stands in tickets and collections.</summary>
internal static class BlobTargets
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, 40_000).Select(static index => (byte)index)];

    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "irohrpc-fuzzing");

    public static IEnumerable<FuzzTarget> All =>
    [
        new("blob-request", ReadRequest, RequestSeeds),
        new("blob-ticket", ReadTicket, static () => [IdentityTargets.Text(new BlobTicket(new EndpointAddress(IdentityTargets.Key.Id), BlobHash.Of(Content)).ToString())]),
        new("blob-tree", DecodeTree, static () => [[0, .. Content], [1, .. Content[..1000]], [2, .. new byte[2000]]]) { FreeBytes = 1024 * 1024, Bounded = 4_000 },
        new("blob-file-name", ResolveName, static () => [IdentityTargets.Text("album/one.jpg"), IdentityTargets.Text("../up"), IdentityTargets.Text("a\u001b[2J/b")]) { FreeBytes = 128 * 1024, Bounded = 5_000 },
        new("blob-hash-sequence", ReadSequence, static () => [new byte[64], new byte[31]]),
    ];

    private static void ReadRequest(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        if (BlobRequest.TryDecode((BlobRequestKind)(input[0] % 5), input[1..], out BlobRequest? request, out string? problem))
        {
            request.Encode();
            FuzzTargets.Require(request.Ranges.Selected().Take(1000).Count() <= 1000, "the ranges have no end");
        }
        else
        {
            FuzzTargets.Require(!problem.Any(char.IsControl), $"what is said of it would reach a terminal: {problem}");
        }
    }

    private static void ReadTicket(ReadOnlySpan<byte> input)
    {
        if (BlobTicket.TryParse(Encoding.UTF8.GetString(input), out BlobTicket? ticket))
        {
            FuzzTargets.Require(BlobTicket.Parse(ticket.ToString()).ToString() == ticket.ToString(), "a ticket does not come back as it went");
        }
    }

    // What a provider answers to a request for all of a blob whose hash is known: nothing may be handed on that is not of it.
    private static void DecodeTree(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        using var wire = new WireInput(new MemoryStream(input[1..].ToArray()));
        long size = input[0] switch { 0 => Content.Length, 1 => 1024, 2 => long.MaxValue >> 1, _ => input[0] * 1000L };
        try
        {
            TreeDecoder.DecodeAsync(wire, BlobHash.Of(Content), Math.Min(size, BlobTree.MaxSize), ChunkRanges.All, new Target(), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception exception) when (exception is BlobException or EndOfStreamException)
        {
            // What it should say of it.
        }
    }

    private static void ResolveName(ReadOnlySpan<byte> input)
    {
        string name = Encoding.UTF8.GetString(input);
        if (SafePath.TryResolve(Folder, name, out string? path, out string? problem))
        {
            FuzzTargets.Require(Path.GetFullPath(path).StartsWith(Folder + Path.DirectorySeparatorChar, StringComparison.Ordinal), $"the name leads to {path}");
            FuzzTargets.Require(!path.Any(char.IsControl), "a path commands a terminal");
        }
        else
        {
            FuzzTargets.Require(!problem.Any(char.IsControl), $"what is said of it would reach a terminal: {problem}");
        }
    }

    private static void ReadSequence(ReadOnlySpan<byte> input)
    {
        try
        {
            FuzzTargets.Require(new HashSequence(input.ToArray()).Count == input.Length / BlobHash.Size, "it has another number of hashes");
        }
        catch (Exception exception) when (exception is BlobException or ArgumentException)
        {
            // What it should say of it.
        }
    }

    private static IEnumerable<byte[]> RequestSeeds()
    {
        foreach (byte kind in (byte[])[0, 1, 2, 3])
        {
            var request = new BlobRequest((BlobRequestKind)kind, [BlobHash.Of(Content)], ChunkRangesSequence.OneBlob);
            yield return [kind, .. request.Encode().AsSpan(1)];
        }
    }

    private sealed class Target : IBlobTarget
    {
        public ValueTask WritePairsAsync(long outboardOffset, ReadOnlyMemory<byte> pairs, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask WriteBlockAsync(BlobTree tree, TreeNode node, ReadOnlyMemory<byte> wire, CancellationToken cancellationToken)
        {
            var runs = new BlockRun[Block.MaxGroups];
            foreach (BlockRun run in runs.AsSpan(0, Block.FindRuns(tree, node, runs)))
            {
                ReadOnlySpan<byte> data = wire.Span.Slice(run.WireOffset, run.Length);
                FuzzTargets.Require(Content.AsSpan().IndexOf(data) >= 0, "bytes were handed on that are not the blob's");
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask WriteChunksAsync(ulong firstChunk, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask SizeVerifiedAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
