using IrohRpc.Blobs;
using IrohRpc.Blobs.Crash;

// Works on a store without an end, saying on its output what it did, until it is killed. The journal is written anew every few steps.
string folder = args[0];
int seed = int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture);
await using BlobStore store = await BlobStore.OpenAsync(folder, new BlobStoreOptions { JournalSlack = 2048 });
await new Workload(store, seed).RunAsync();
