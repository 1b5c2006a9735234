using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using IrohRpc;

namespace Tunnel;

/// <summary><c>tunnel connect</c>: makes the service behind a ticket look like a local one.</summary>
internal static class ConnectCommand
{
    public static Command Create()
    {
        Argument<TunnelTicket> ticket = CommandLine.Ticket();
        Option<int> at = CommandLine.At();
        Option<string?> transport = CommandLine.Transport();
        var command = new Command("connect", "Listen on a local port and forward its connections to the peer's service.")
        {
            ticket, at, transport,
        };
        command.SetAction((arguments, _) => Terminal.RunAsync((view, forwardings, stop) => RunAsync(
            arguments.GetRequiredValue(ticket),
            arguments.GetRequiredValue(at),
            arguments.GetValue(transport),
            view,
            forwardings,
            stop)));
        return command;
    }

    private static async Task RunAsync(
        TunnelTicket ticket, int at, string? transport, ITunnelView view, ForwardingSet forwardings, CancellationToken stop)
    {
        using Socket listener = ConnectingSide.Listen(at);
        await using PeerEndpoint endpoint = await TunnelEndpoint.BindAsync(transport, listenOn: [], secretKey: null, view, stop);
        var clients = new TaskSet();
        await using var shared = new SharedConnection(endpoint, ticket, clients, view);
        await shared.GetAsync(stop);
        view.Line($"listening at {(IPEndPoint)listener.LocalEndPoint!}; Ctrl-C stops");

        await new ConnectingSide(shared, clients, forwardings, view).RunAsync(listener, stop);
        listener.Dispose();
        view.Line($"stopping: {forwardings.Active.Count} connections have {TunnelEndpoint.DrainLimit.TotalSeconds} s to finish");
        await clients.DrainAsync(TunnelEndpoint.DrainLimit);
    }
}
