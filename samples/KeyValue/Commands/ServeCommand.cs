using System.Net;
using IrohRpc;
using IrohRpc.Samples;
using KeyValue.Service;
using KeyValue.Storage;

namespace KeyValue.Commands;

/// <summary><c>serve</c>: holds the store and answers its callers until Ctrl-C.</summary>
internal static class ServeCommand
{
    public static async Task<int> RunAsync(string data, string listen, string? secretKeyFile, CancellationToken cancellationToken)
    {
        using SecretKey? key = secretKeyFile is null ? null : SecretKeyFile.LoadOrCreate(new FileInfo(secretKeyFile));
        await using var store = new KeyValueStore(data);
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(
            new PeerEndpointOptions { SecretKey = key, ListenOn = [.. Addresses(listen)] }, cancellationToken);
        await using Router router = await endpoint.Route().Map<IKeyValue>(new KeyValueService(store)).StartAsync(cancellationToken);
        Console.WriteLine(endpoint.Ticket);
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }

    private static IReadOnlyList<IPEndPoint> Addresses(string listen) => listen switch
    {
        "loopback" => ListenAddresses.Loopback(),
        "any" => ListenAddresses.Any(),
        _ => [IPEndPoint.Parse(listen)],
    };
}
