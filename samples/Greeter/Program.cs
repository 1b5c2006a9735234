using System.Net;
using Greeter;
using IrohRpc;

try
{
    List<string> arguments = [.. args];
    Reachability reachability = Reachability.Take(arguments);
    switch (arguments)
    {
        case []:
            await BothAsync();
            return 0;
        case ["serve"]:
            await ServeAsync(ListenAddresses.Loopback(), reachability);
            return 0;
        case ["serve", "--listen", "any"]:
            await ServeAsync(ListenAddresses.Any(), reachability);
            return 0;
        case ["serve", "--listen", var at]:
            await ServeAsync([IPEndPoint.Parse(at)], reachability);
            return 0;
        case ["call", var peer]:
            await CallAsync(EndpointId.TryParse(peer, out EndpointId id) ? id : EndpointTicket.Parse(peer), reachability);
            return 0;
        default:
            Console.Error.WriteLine("usage: greeter [serve [--listen any|<ip:port>] | call <ticket>|<id>] [--relay <url>] [--lookup <url>]");
            return 2;
    }
}
catch (Exception exception) when (exception is PeerException or RpcException or FormatException)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 1;
}

static async Task ServeAsync(IReadOnlyList<IPEndPoint> listenOn, Reachability reachability)
{
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, pressed) =>
    {
        pressed.Cancel = true;
        stop.Cancel();
    };

    PeerEndpointOptions options = reachability.ToOptions();
    options.ListenOn = [.. listenOn];
    await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options);
    await using Router router = await endpoint.Route().Map<IGreeter>(new PoliteGreeter(Console.Out)).StartAsync();
    await endpoint.WaitOnlineAsync();
    Console.WriteLine(endpoint.Ticket);
    if (reachability.Lookup is not null)
    {
        Console.WriteLine($"id: {endpoint.Id}");
    }

    await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

static async Task CallAsync(EndpointAddress peer, Reachability reachability)
{
    await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(reachability.ToOptions());
    foreach (UnavailableTransport unavailable in endpoint.UnavailableTransports)
    {
        Console.Error.WriteLine($"note: {unavailable.Reason}");
    }

    // This connects now, to show to whom; endpoint.Connect<IGreeter>(peer) would connect with the first call, and again after a loss.
    await using PeerClient<IGreeter> client = await endpoint.ConnectAsync<IGreeter>(peer);
    Console.WriteLine($"transport: {client.Connection.Transport}");
    Console.WriteLine($"we are:    {endpoint.Id}");
    Console.WriteLine($"the peer:  {client.Connection.PeerId}");
    using var path = reachability.Relay is null ? null : new PathReport(client.Connection);
    await Tour.RunAsync(client.Service);
    if (path is not null)
    {
        await path.CompleteAsync();
    }
}

static async Task BothAsync()
{
    await using PeerEndpoint answering = await PeerEndpoint.BindAsync();
    await using Router router = await answering.Route().Map<IGreeter>(new PoliteGreeter(Console.Out)).StartAsync();
    await CallAsync(answering.Ticket, new Reachability(null, null));
}
