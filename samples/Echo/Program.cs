using System.Net;
using Echo;
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
        case ["call", var ticket, var text]:
            await CallAsync(EndpointTicket.Parse(ticket), text);
            return 0;
        default:
            Console.Error.WriteLine("usage: echo [serve [--listen any|<ip:port>] | call <ticket> <text>]");
            return 2;
    }
}
catch (Exception exception) when (exception is PeerException or FormatException)
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
    await using Router router = await endpoint.Route().Map(EchoProtocol.Alpn, EchoProtocol.AnswerAsync).StartAsync();
    Console.WriteLine(endpoint.Ticket);
    await Task.Delay(Timeout.Infinite, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

static async Task CallAsync(EndpointTicket ticket, string text)
{
    await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync();
    foreach (UnavailableTransport unavailable in endpoint.UnavailableTransports)
    {
        Console.Error.WriteLine($"note: {unavailable.Reason}");
    }

    await using PeerConnection connection = await endpoint.DialAsync(ticket, EchoProtocol.Alpn);
    Console.WriteLine($"transport: {connection.Transport}");
    Console.WriteLine($"we are:    {endpoint.Id}");
    Console.WriteLine($"the peer:  {connection.PeerId}");
    Console.WriteLine($"echoed:    {await EchoProtocol.CallAsync(connection, text)}");
}

static async Task BothAsync()
{
    await using PeerEndpoint answering = await PeerEndpoint.BindAsync();
    await using Router router = await answering.Route().Map(EchoProtocol.Alpn, EchoProtocol.AnswerAsync).StartAsync();
    await CallAsync(answering.Ticket, "hello, peer");
}
