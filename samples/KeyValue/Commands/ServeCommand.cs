using System.Net;
using IrohRpc;
using KeyValue.Service;
using KeyValue.Storage;

namespace KeyValue.Commands;

/// <summary><c>serve</c>: holds the store and answers its callers until Ctrl-C.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(
        string data,
        long mostBytes,
        Access access,
        IReadOnlyList<IPEndPoint> listen,
        string? transport,
        FileInfo? secretKeyFile,
        CancellationToken cancellationToken)
    {
        using SecretKey? key = secretKeyFile is null ? null : new SecretKeyFile(secretKeyFile.FullName) { CreateIfMissing = true }.Read();
        var options = new PeerEndpointOptions { SecretKey = key, ListenOn = [.. listen], AdmitPeer = access.MayRead };
        if (transport is not null)
        {
            options.Transports = [.. options.Transports.Where(one => one.Name == transport)];
        }

        await using var store = new KeyValueStore(data, mostBytes: mostBytes);
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options, cancellationToken);
        var service = new KeyValueService(store, cancellationToken);
        var quotas = new Quotas();
        var watches = new WatchCount(quotas.WatchesPerPeer);
        await using Router router = await endpoint.Route()
            .Map<IKeyValue>(connection => new GuardedService(service, connection.PeerId, access, quotas, watches))
            .StartAsync(cancellationToken);
        Console.WriteLine(endpoint.Ticket);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}
