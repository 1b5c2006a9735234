using System.Buffers.Binary;
using IrohRpc.Blobs.Store;
using IrohRpc.Blobs.Trees;

namespace IrohRpc.Blobs.Crash;

/// <summary>Imports, downloads in parts, tags, removes and collects in random order; each line of output is a promise that the store made.</summary>
internal sealed class Workload(BlobStore store, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<BlobHash> _complete = [];
    private readonly TextWriter _output = Console.Out;

    public async Task RunAsync()
    {
        Say("ready");
        for (int step = 0; ; step++)
        {
            switch (_random.Next(8))
            {
                case 0 or 1:
                    Completed(await store.ImportAsync(Data(_random.Next(200_000))));
                    break;
                case 2:
                    Completed(await store.ImportAsync(Data(_random.Next(2_000))));
                    break;
                case 3 or 4 or 5:
                    await DownloadAsync(Data(_random.Next(20_000, 400_000)));
                    break;
                case 6 when _complete.Count > 3:
                    BlobHash hash = _complete[_random.Next(_complete.Count)];
                    _complete.Remove(hash);
                    Say($"removing {hash}");
                    store.Remove(hash);
                    break;
                case 7:
                    store.SetTag($"tag{step % 5}", _complete.LastOrDefault());
                    Say($"tag tag{step % 5}");
                    if (_complete.Count > 30)
                    {
                        foreach (BlobHash old in _complete)
                        {
                            Say($"removing {old}");
                        }

                        _complete.Clear();
                        await store.CollectGarbageAsync();
                    }

                    break;
                default:
                    break;
            }
        }
    }

    private byte[] Data(int size)
    {
        var data = new byte[size];
        _random.NextBytes(data);
        return data;
    }

    private void Completed(BlobHash hash)
    {
        _complete.Add(hash);
        Say($"complete {hash}");
    }

    private async Task DownloadAsync(byte[] data)
    {
        await using var source = BlobStore.InMemory();
        BlobHash hash = await source.ImportAsync(data);
        var tree = new BlobTree(data.Length);
        for (ulong group = 0; group < (ulong)tree.Groups;)
        {
            ulong end = Math.Min((ulong)tree.Groups, group + (ulong)_random.Next(1, 20));
            var ranges = ChunkRanges.Of(group * BlobTree.ChunksPerGroup, end * BlobTree.ChunksPerGroup);
            using BlobLease lease = source.Lease(hash);
            var encoded = new MemoryStream();
            using (var output = new WireOutput(encoded))
            {
                await TreeEncoder.EncodeAsync(lease, hash, ranges, output, CancellationToken.None);
                await output.FlushAsync(CancellationToken.None);
            }

            encoded.Position = 0;
            using var input = new WireInput(encoded);
            using BlobWriter writer = store.BeginWrite(hash, data.Length, isProven: false);
            await TreeDecoder.DecodeAsync(input, hash, data.Length, ranges, writer, CancellationToken.None);
            Say($"groups {hash} {group} {end}");
            group = end;
        }

        Completed(hash);
    }

    private void Say(string line)
    {
        _output.WriteLine(line);
        _output.Flush();
    }
}
