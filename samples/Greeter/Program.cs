using System.Net;
using Greeter;
using IrohRpc;

try
{
    switch (args)
    {
        case []:
            await BothAsync();
            return 0;
        case ["serve"]:
            await ServeAsync(ListenAddresses.Loopback());
            return 0;
        case ["serve", "--listen", "any"]:
            await ServeAsync(ListenAddresses.Any());
            return 0;
        case ["serve", "--listen", var at]:
            await ServeAsync([IPEndPoint.Parse(at)]);
            return 0;
        case ["call", var ticket]:
            await CallAsync(EndpointTicket.Parse(ticket));
            return 0;
        default:
            Console.Error.WriteLine("usage: greeter [serve [--listen any|<ip:port>] | call <ticket>]");
            return 2;
    }
}
catch (Exception exception) when (exception is PeerException or RpcException or FormatException)
{
    Console.Error.WriteLine($"error: {exception.Message}");
    return 1;
}

static async Task ServeAsync(IReadOnlyList<IPEndPoint> listenOn)
{
    using var stop = new CancellationTokenSource();
    Console.CancelKeyPress += (_, pressed) =>
    {
        pressed.Cancel = true;
        stop.Cancel();
    };

    await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(new PeerEndpointOptions { ListenOn = [.. listenOn] });
    await using Router router = await endpoint.Route().Map<IGreeter>(new PoliteGreeter(Console.Out)).StartAsync();
    Console.WriteLine(endpoint.Ticket);
    await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

static async Task CallAsync(EndpointTicket ticket)
{
    await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync();
    foreach (UnavailableTransport unavailable in endpoint.UnavailableTransports)
    {
        Console.Error.WriteLine($"note: {unavailable.Reason}");
    }

    // This connects now, to show to whom; endpoint.Connect<IGreeter>(ticket) would connect with the first call, and again after a loss.
    await using PeerClient<IGreeter> client = await endpoint.ConnectAsync<IGreeter>(ticket);
    Console.WriteLine($"transport: {client.Connection.Transport}");
    Console.WriteLine($"we are:    {endpoint.Id}");
    Console.WriteLine($"the peer:  {client.Connection.PeerId}");
    await Tour.RunAsync(client.Service);
}

static async Task BothAsync()
{
    await using PeerEndpoint answering = await PeerEndpoint.BindAsync();
    await using Router router = await answering.Route().Map<IGreeter>(new PoliteGreeter(Console.Out)).StartAsync();
    await CallAsync(answering.Ticket);
}
