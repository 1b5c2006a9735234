using System.CommandLine;
using System.Diagnostics;
using IrohRpc;
using IrohRpc.Blobs;

namespace Drop;

/// <summary><c>drop receive</c>: gets what a ticket names, going on where an earlier attempt ended.</summary>
internal static class ReceiveCommand
{
    public static Command Create()
    {
        Argument<BlobTicket> ticket = CommandLine.Ticket();
        var to = new Option<DirectoryInfo>("--to")
        {
            Description = "The folder to write to. Default: this one.",
            HelpName = "folder",
            DefaultValueFactory = _ => new DirectoryInfo("."),
        };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace files that are there already without asking." };
        var patience = new Option<int>("--wait")
        {
            Description = "How many seconds to wait for a sender that is gone to come back. Default 60.",
            HelpName = "seconds",
            DefaultValueFactory = _ => 60,
        };
        Option<string?> transport = CommandLine.Transport();
        var command = new Command("receive", "Get what a ticket names.") { ticket, to, overwrite, patience, transport };
        command.SetAction((arguments, stop) => Errors.RunAsync(
            () => RunAsync(
                arguments.GetRequiredValue(ticket), arguments.GetRequiredValue(to).FullName, arguments.GetValue(overwrite),
                TimeSpan.FromSeconds(arguments.GetValue(patience)), arguments.GetValue(transport), stop),
            stop));
        return command;
    }

    private static async Task RunAsync(
        BlobTicket ticket, string folder, bool overwrite, TimeSpan patience, string? transport, CancellationToken stop)
    {
        // Beside the files, so that they are moved and not copied in the end; named after the hash, so that the next attempt finds it.
        string storeFolder = Path.Combine(folder, $"{ReceivePlan.StorePrefix}{ticket.Hash.ToShortString()}");
        await using PeerEndpoint endpoint = await DropEndpoint.BindAsync(transport, [], null, stop);
        await using (BlobStore store = await BlobStore.OpenAsync(storeFolder, cancellationToken: stop))
        {
            var downloader = new BlobDownloader(endpoint, store);
            ReceivePlan plan = await PlanAsync(downloader, store, ticket, folder, overwrite, patience, stop);
            if (plan.Files.Sum(file => PresentBytes(store, file.Hash)) is > 0 and var present)
            {
                Console.Error.WriteLine($"going on with {Text.Size(present)} that are here");
            }

            await RetryAsync(
                () => ProgressView.ShowAsync(() => downloader.DownloadAsync(ticket, stop), stop), patience, stop);
            foreach (ReceivedFile file in plan.Files)
            {
                await store.ExportAsync(file.Hash, plan.Resolve(file), BlobExportMode.HardLink, file.Replaces, stop);
                Console.WriteLine(PeerText.Escape(Path.GetRelativePath(folder, file.Path)));
            }
        }

        Directory.Delete(storeFolder, recursive: true);
    }

    private static long PresentBytes(BlobStore store, BlobHash hash)
        => store.Find(hash) is { } info ? Math.Min(info.Size, (long)info.Present.Count * 1024) : 0;

    // The names come first: what cannot be written is not downloaded.
    private static async Task<ReceivePlan> PlanAsync(
        BlobDownloader downloader, BlobStore store, BlobTicket ticket, string folder, bool overwrite, TimeSpan patience, CancellationToken stop)
    {
        if (ticket.Format == BlobFormat.Raw)
        {
            return ReceivePlan.Create(folder, [new BlobCollectionEntry(ticket.Hash.ToString(), ticket.Hash)], overwrite);
        }

        await RetryAsync(() => GetAsync(ticket.Hash), patience, stop);
        HashSequence children = await HashSequence.LoadAsync(store, ticket.Hash, stop);
        if (children.Count > 0)
        {
            await RetryAsync(() => GetAsync(children[0]), patience, stop);
        }

        return ReceivePlan.Create(folder, await BlobCollection.LoadAsync(store, ticket.Hash, stop), overwrite);

        async Task GetAsync(BlobHash hash)
        {
            await foreach (BlobDownloadProgress _ in downloader.DownloadAsync(hash, BlobFormat.Raw, [ticket.Provider], stop))
            {
            }
        }
    }

    private static async Task RetryAsync(Func<Task> attempt, TimeSpan patience, CancellationToken stop)
    {
        long since = Stopwatch.GetTimestamp();
        while (true)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                await attempt();
                return;
            }
            catch (BlobException failure) when (failure is { Kind: BlobErrorKind.NoProvider, InnerException: PeerException or BlobException { Kind: BlobErrorKind.TooSlow } })
            {
                // An attempt that lived for a while brought something: patience starts anew.
                if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(20))
                {
                    since = Stopwatch.GetTimestamp();
                }

                if (Stopwatch.GetElapsedTime(since) >= patience)
                {
                    throw;
                }

                Console.Error.WriteLine($"waiting for the sender: {PeerText.Escape(failure.InnerException.Message)}");
                await Task.Delay(TimeSpan.FromSeconds(1), stop);
            }
        }
    }
}
