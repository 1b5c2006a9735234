using System.Diagnostics;
using System.Globalization;
using System.Net;
using IrohRpc.Blobs;
using IrohRpc.Gossip;
using IrohRpc.Transports;

namespace IrohRpc.Model;

/// <summary>
/// Everything at once over a real transport: calls of every shape with cancels and deadlines, downloads of blobs and gossip, while connections are closed every second or two. Each call is judged
/// by the model, each download compared with what was given, and memory, handles, threads and sockets have to be flat at the end.
/// </summary>
internal sealed class Soak(string transport, TimeSpan length)
{
    private const int Clients = 4;
    private const int Samples = 10;

    // Growth is measured from here on: buffers, pools and the thread pool have found their sizes.
    private const int FirstSteadySample = 2;

    /// <summary>Runs it.</summary>
    /// <returns>Zero where every call ended as it may and nothing has grown.</returns>
    public async Task<int> RunAsync()
    {
        await using var calls = new SoakCalls();
        await using var blobs = new SoakBlobs();
        await using var gossip = new SoakGossip();
        await using PeerEndpoint server = await BindAsync();
        await using Router router = await server.Route().Map<IModel>(new ModelService(calls)).Map(BlobProtocol.Alpn, blobs.Provider).MapGossip(gossip.Add(server)).StartAsync();
        var clients = new List<(PeerEndpoint Endpoint, PeerChannel Channel, Router Router)>();
        for (int index = 0; index < Clients; index++)
        {
            PeerEndpoint endpoint = await BindAsync();
            PeerChannel channel = endpoint.CreateChannel(server.Address, new PeerChannelOptions { Calls = new ClientOptions { WaitForReady = TimeSpan.FromSeconds(30) } });
            clients.Add((endpoint, channel, await endpoint.Route().MapGossip(gossip.Add(endpoint)).StartAsync()));
            calls.Add(channel);
        }

        calls.Start();
        blobs.Start(clients[0].Endpoint, server.Address);
        await gossip.StartAsync(server.Address);
        List<SoakSample> samples = [];
        var watch = Stopwatch.StartNew();
        for (int index = 0; index < Samples; index++)
        {
            await Task.Delay(length / Samples);
            samples.Add(SoakSample.Take());
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:F0} s {samples[^1]}; {calls}; {blobs}; {gossip}"));
        }

        await calls.StopAsync();
        await blobs.StopAsync();
        await gossip.StopAsync();
        foreach ((PeerEndpoint endpoint, PeerChannel channel, Router own) in clients)
        {
            await channel.DisposeAsync();
            await own.DisposeAsync();
            await endpoint.DisposeAsync();
        }

        int left = await calls.CountLeftAsync();
        var end = SoakSample.Take();
        string? grown = end.Compare(samples[FirstSteadySample - 1]);
        Console.WriteLine($"   end {end}");
        Console.WriteLine($"{transport}: {calls}; {blobs}; {gossip}; {left} objects left, {(grown is null ? "flat" : $"GROWN: {grown}")}");
        return calls.Wrong + blobs.Wrong + gossip.Wrong == 0 && left == 0 && grown is null ? 0 : 1;
    }

    private ValueTask<PeerEndpoint> BindAsync() => PeerEndpoint.BindAsync(new PeerEndpointOptions
    {
        ListenOn = [new IPEndPoint(IPAddress.Loopback, 0)],
        Transports = [transport switch { "tls" => TlsTransport.Instance, "quic" => QuicTransport.Instance, _ => MsQuicTransport.Instance }],
    });
}
