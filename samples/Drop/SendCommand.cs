using System.CommandLine;
using System.Net;
using IrohRpc;
using IrohRpc.Blobs;

namespace Drop;

/// <summary><c>drop send</c>: offers a file or a folder until Ctrl-C.</summary>
internal static class SendCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "The file or folder." };
        Option<IReadOnlyList<IPEndPoint>> listen = CommandLine.Listen();
        Option<FileInfo?> keyFile = CommandLine.SecretKeyFile();
        Option<string?> transport = CommandLine.Transport();
        Option<long?> maxRate = CommandLine.MaxRate();
        var command = new Command("send", "Offer a file or folder; prints the ticket for it.") { path, listen, keyFile, maxRate, transport };
        command.SetAction((arguments, stop) => Errors.RunAsync(
            () => RunAsync(
                arguments.GetRequiredValue(path), arguments.GetRequiredValue(listen), arguments.GetValue(keyFile), arguments.GetValue(maxRate),
                arguments.GetValue(transport), stop),
            stop));
        return command;
    }

    private static async Task RunAsync(
        string path, IReadOnlyList<IPEndPoint> listenOn, FileInfo? keyFile, long? maxRate, string? transport, CancellationToken stop)
    {
        if (!Path.Exists(path))
        {
            throw new IOException($"{path} does not exist.");
        }

        // Files are read where they lie; what the store holds are their hash trees and the small ones.
        DirectoryInfo folder = Directory.CreateTempSubdirectory("drop-send-");
        try
        {
            await using BlobStore store = await BlobStore.OpenAsync(folder.FullName, cancellationToken: stop);
            store.Damaged += static damage => Console.Error.WriteLine($"warning: {PeerText.Escape(damage.Path ?? damage.Hash.ToShortString())} was changed and is not sent any more");
            (BlobHash hash, BlobCollection files) = await store.ImportFolderAsync(path, BlobImportMode.Reference, cancellationToken: stop);
            using SecretKey? key = keyFile is null ? null : new SecretKeyFile(keyFile.FullName) { CreateIfMissing = true }.Read();
            await using PeerEndpoint endpoint = await DropEndpoint.BindAsync(transport, listenOn, key, stop);
            var provider = new BlobProvider(store, new BlobProviderOptions { OnEvent = Print, MaxBytesPerSecond = maxRate ?? long.MaxValue });
            await using Router router = await endpoint.Route().Map(BlobProtocol.Alpn, provider).StartAsync(stop);

            long total = files.Sum(file => store.Find(file.Hash)!.Size);
            Console.Error.WriteLine($"{files.Count} {(files.Count == 1 ? "file" : "files")}, {Text.Size(total)}; to get them: drop receive <ticket>; Ctrl-C stops");
            Console.WriteLine(new BlobTicket(endpoint.Address, hash, BlobFormat.HashSequence));
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(BlobProviderEvent happened)
    {
        string? line = happened switch
        {
            BlobProviderEvent.Connected => "connected",
            BlobProviderEvent.Disconnected => "gone",
            BlobProviderEvent.Completed { Bytes: > 4096 } done => $"got {Text.Size(done.Bytes)} in {done.Duration.TotalSeconds:0.0} s",
            _ => null,
        };
        if (line is not null)
        {
            Console.Error.WriteLine($"{happened.Peer.ToShortString()} {line}");
        }
    }
}
