using System.CommandLine;
using System.Net;
using IrohRpc;

namespace Tunnel;

/// <summary><c>tunnel listen</c>: offers a service next to this machine to whoever holds the ticket.</summary>
internal static class ListenCommand
{
    public static Command Create()
    {
        Option<ServiceAddress> to = CommandLine.To();
        Option<IReadOnlyList<IPEndPoint>> listen = CommandLine.Listen();
        Option<FileInfo?> keyFile = CommandLine.SecretKeyFile();
        Option<string?> transport = CommandLine.Transport();
        var command = new Command("listen", "Forward the connections of peers to a service; prints the ticket for them.")
        {
            to, listen, keyFile, transport,
        };
        command.SetAction((arguments, _) => Terminal.RunAsync((view, forwardings, stop) => RunAsync(
            arguments.GetRequiredValue(to),
            arguments.GetRequiredValue(listen),
            arguments.GetValue(keyFile),
            arguments.GetValue(transport),
            view,
            forwardings,
            stop)));
        return command;
    }

    private static async Task RunAsync(
        ServiceAddress to,
        IReadOnlyList<IPEndPoint> listenOn,
        FileInfo? keyFile,
        string? transport,
        ITunnelView view,
        ForwardingSet forwardings,
        CancellationToken stop)
    {
        using SecretKey key = keyFile is null ? SecretKey.Generate() : new SecretKeyFile(keyFile.FullName) { CreateIfMissing = true }.Read();
        byte[] secret = TunnelTicket.SecretOf(key);
        await using PeerEndpoint endpoint = await TunnelEndpoint.BindAsync(transport, listenOn, key, view, stop);
        var side = new ListeningSide(to, secret, forwardings, view, TunnelEndpoint.DrainLimit);
        await using Router router = await endpoint.Route().Map(TunnelProtocol.Alpn, side).StartAsync(stop);
        Console.WriteLine(new TunnelTicket(endpoint.Ticket, secret));
        view.Line($"forwarding the connections of peers to {to}; Ctrl-C stops");

        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        view.Line($"stopping: {forwardings.Active.Count} connections have {TunnelEndpoint.DrainLimit.TotalSeconds} s to finish");
        await router.ShutdownAsync(CancellationToken.None);
    }
}
