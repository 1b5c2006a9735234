using System.CommandLine;
using System.Net;
using Chat;
using IrohRpc;
using IrohRpc.Gossip;
using Spectre.Console;

var name = new Option<string>("--name") { Description = "What you are called, at most 40 characters.", DefaultValueFactory = _ => Environment.UserName };
var room = new Option<string>("--room") { Description = "The room to begin in. Default: lobby.", DefaultValueFactory = _ => "lobby" };
var join = new Option<string[]>("--join") { Description = "The ticket of any member; several may be given.", HelpName = "ticket" };
var listen = new Option<string>("--listen") { Description = "Where other members reach this one: 'any' or <ip:port>. Default: any.", DefaultValueFactory = _ => "any" };
var keyFile = new Option<FileInfo?>("--secret-key-file") { Description = "Keeps who you are from one start to the next." };
var plain = new Option<bool>("--plain") { Description = "Lines in, lines out, without a screen; as it is when input or output is a pipe." };
var root = new RootCommand("A chat without a server: every member helps to carry it.") { name, room, join, listen, keyFile, plain };
root.SetAction((arguments, stop) => RunAsync(
    arguments.GetRequiredValue(name), arguments.GetRequiredValue(room), arguments.GetValue(join) ?? [], arguments.GetRequiredValue(listen),
    arguments.GetValue(keyFile), arguments.GetValue(plain) || Console.IsInputRedirected || Console.IsOutputRedirected, stop));
return await root.Parse(args).InvokeAsync();

static async Task<int> RunAsync(string name, string room, string[] tickets, string listen, FileInfo? keyFile, bool plain, CancellationToken stop)
{
    try
    {
        EndpointAddress[] members = [.. tickets.Select(static ticket => EndpointTicket.Parse(ticket).Address)];
        using SecretKey key = keyFile is null ? SecretKey.Generate() : new SecretKeyFile(keyFile.FullName) { CreateIfMissing = true }.Read();
        var options = new PeerEndpointOptions
        {
            SecretKey = key,
            ListenOn = [.. listen == "any" ? ListenAddresses.Any() : [IPEndPoint.Parse(listen)]],
            IdleTimeout = TimeSpan.FromSeconds(10),
            KeepAliveInterval = TimeSpan.FromSeconds(3),
        };
        await using PeerEndpoint endpoint = await PeerEndpoint.BindAsync(options, stop);
        await using var gossip = new Gossip(endpoint);
        var history = new History();
        await using Router router = await endpoint.Route().MapGossip(gossip).Map<IHistory>(history).StartAsync(stop);
        IChatView view = plain ? new PlainView() : new TerminalView(AnsiConsole.Console);
        view.Note(room, $"others join with: chat --room {room} --join {endpoint.Ticket}");
        await using var conversation = new Conversation(new Me(key, name[..Math.Min(ChatLine.MaxNameLength, name.Length)], endpoint, gossip), history, view);
        conversation.Join(room, members);
        await conversation.RunAsync(stop);
        return 0;
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        return 0;
    }
    catch (Exception problem) when (problem is IOException or FormatException or UnauthorizedAccessException)
    {
        Console.Error.WriteLine($"error: {problem.Message}");
        return 1;
    }
}
