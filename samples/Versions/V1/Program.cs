using IrohRpc;
using Library;

switch (args)
{
    case ["serve"]:
        await ServeAsync();
        return 0;
    case ["call", var ticket]:
        await CallAsync(EndpointTicket.Parse(ticket));
        return 0;
    default:
        Console.Error.WriteLine("usage: library-v1 serve | call <ticket>");
        return 2;
}

// Until standard input ends.
static async Task ServeAsync()
{
    await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync();
    await using Router router = await endpoint.Route().Map<ILibrary>(new Shelf()).StartAsync();
    Console.WriteLine(endpoint.Ticket);
    await Console.In.ReadToEndAsync();
}

static async Task CallAsync(EndpointTicket ticket)
{
    await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync();
    await using PeerClient<ILibrary> client = await endpoint.ConnectAsync<ILibrary>(ticket);
    ILibrary library = client.Service;
    Console.WriteLine($"agreed on {library.GetAlpn()}");
    Console.WriteLine($"find: {await library.FindAsync("Emma", new CallContext())}");
}
