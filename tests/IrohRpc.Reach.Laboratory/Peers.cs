using System.Diagnostics;
using System.Globalization;
using System.Net;
using IrohRpc.Reach.Lookup.Pkarr;
using IrohRpc.Reach.Relay;
using IrohRpc.Relay;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Reach.Laboratory;

/// <summary>What runs inside the hosts: a relay, a peer that echoes, and one that calls it.</summary>
internal static class Peers
{
    public const string Alpn = "laboratory/1";

    private static readonly TimeSpan Observed = TimeSpan.FromSeconds(2);

    public static async Task RelayAsync(IPEndPoint at)
    {
        await using RelayServer relay = await RelayServer.StartAsync(at, static options => options.AddressDiscoveryPort = 7842);
        Console.WriteLine(relay.Url);
        await Console.In.ReadLineAsync();
    }

    /// <summary>Serves until its input ends.</summary>
    /// <param name="relay">The relay.</param>
    /// <param name="mapsPorts">Whether the router is asked for a port.</param>
    /// <param name="lookup">A pkarr relay where the address is published, all of it; null for none.</param>
    public static async Task ServeAsync(Uri relay, bool mapsPorts, Uri? lookup = null)
    {
        PeerEndpointOptions options = Options(relay, mapsPorts);
        if (lookup is not null)
        {
            options.AddressLookupFactories = [key => new PkarrRelayLookup(lookup, key, new PkarrRelayOptions { PublishDirectAddresses = true })];
        }

        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options);
        await using Router router = await endpoint.Route().Map(Alpn, EchoAsync).StartAsync();
        await endpoint.WaitOnlineAsync();
        Console.WriteLine(endpoint.Ticket);
        await Console.In.ReadLineAsync();
    }

    /// <summary>Calls for some seconds, and prints how the connection fared.</summary>
    /// <param name="ticket">Whom to call.</param>
    /// <param name="relay">The relay.</param>
    /// <param name="mapsPorts">Whether the router is asked for a port.</param>
    /// <param name="observed">How long to call; null for the usual time.</param>
    public static async Task CallAsync(EndpointTicket ticket, Uri relay, bool mapsPorts, TimeSpan? observed = null)
    {
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(Options(relay, mapsPorts));
        long start = Stopwatch.GetTimestamp();
        await using PeerConnection connection = await endpoint.DialAsync(ticket, Alpn);
        TimeSpan? first = null;
        TimeSpan? direct = null;
        int lost = 0;
        TimeSpan longest = TimeSpan.Zero;
        byte[] answer = new byte[1000];
        while (first is null || Stopwatch.GetElapsedTime(start) - first < (observed ?? Observed))
        {
            byte[] question = new byte[answer.Length];
            Random.Shared.NextBytes(question);
            long asked = Stopwatch.GetTimestamp();
            await using PeerStream stream = await connection.OpenBidirectionalStreamAsync();
            await stream.WriteAsync(question, completeWrites: true);
            await stream.ReadExactlyAsync(answer);
            TimeSpan took = Stopwatch.GetElapsedTime(asked);
            longest = took > longest ? took : longest;
            lost += answer.AsSpan().SequenceEqual(question) ? 0 : 1;
            if (first is null)
            {
                first = Stopwatch.GetElapsedTime(start);
                Console.WriteLine("calling");
            }

            direct ??= IsDirect(connection) ? Stopwatch.GetElapsedTime(start) : null;
            await Task.Delay(10);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(IsDirect(connection) ? "direct" : "relayed")} {first!.Value.TotalMilliseconds:0} {(direct is { } time ? time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) : "-")} {lost} {longest.TotalMilliseconds:0}"));
    }

    private static bool IsDirect(PeerConnection connection) => !connection.Paths.Single(path => path.IsSelected).IsRelay;

    /// <summary>Answers for what is published, until its input ends.</summary>
    public static async Task LookupAsync(IPEndPoint http, IPEndPoint dns)
    {
        await using LookupServer server = await LookupServer.StartAsync(http, dns, static data => Console.WriteLine(string.Join(' ', data.ToAttributes())));
        Console.WriteLine($"http://{http}/pkarr");
        await Console.In.ReadLineAsync();
    }

    private static PeerEndpointOptions Options(Uri relay, bool mapsPorts) => new()
    {
        MapsPorts = mapsPorts,
        ListenOn = [.. ListenAddresses.Any()],
        Relays = [new RelayConfig(relay)],
        LoggerFactory = Environment.GetEnvironmentVariable("LABORATORY_LOG") is null
            ? NullLoggerFactory.Instance
            : LoggerFactory.Create(static builder => builder.SetMinimumLevel(LogLevel.Debug).AddConsole(
                static options => options.LogToStandardErrorThreshold = LogLevel.Trace)),
    };

    private static async ValueTask EchoAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        var streams = new List<Task>();
        try
        {
            while (true)
            {
                streams.Add(EchoAsync(await connection.AcceptBidirectionalStreamAsync(cancellationToken), cancellationToken));
                streams.RemoveAll(static stream => stream.IsCompleted);
            }
        }
        catch (Exception exception) when (exception is PeerException or OperationCanceledException)
        {
            // The caller has heard enough.
        }

        await Task.WhenAll(streams);
    }

    private static async Task EchoAsync(PeerStream accepted, CancellationToken cancellationToken)
    {
        await using PeerStream stream = accepted;
        try
        {
            await stream.CopyToAsync(stream, cancellationToken);
            stream.CompleteWrites();
            await stream.WritesClosed;
        }
        catch (Exception exception) when (exception is PeerException or OperationCanceledException)
        {
            // The connection has ended.
        }
    }
}
