using System.Net;
using System.Net.Sockets;
using System.Text;
using IrohRpc.Reach.PortMapping;

namespace IrohRpc.Reach.Laboratory;

/// <summary>A host that has a port mapped by one protocol, and sees what arrives there.</summary>
internal static class PortMappingHost
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Maps a port, renews the mapping and gives it back; says what it has, on each line of its input.</summary>
    public static async Task RunAsync(string name)
    {
        Gateway gateway = Gateway.Find(IPAddress.Any) ?? throw new InvalidOperationException("There is no router.");
        using IPortMappingProtocol protocol = PortMappingProtocols.For(gateway, TimeProvider.System).Single(protocol => protocol.Name == name);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        int port = ((IPEndPoint)socket.LocalEndPoint!).Port;
        var request = new PortMappingRequest(port, null, TimeSpan.FromMinutes(5));
        MappedPort mapping = await protocol.MapAsync(request, CancellationToken.None);
        Console.WriteLine(mapping.External);
        Console.WriteLine(await ReceiveAsync(socket, Patience));
        MappedPort renewed = await protocol.MapAsync(request with { Suggested = mapping.External }, CancellationToken.None);
        Console.WriteLine(renewed.External);
        await protocol.UnmapAsync(renewed, port, CancellationToken.None);
        Console.WriteLine("unmapped");
        await Console.In.ReadLineAsync();
        Console.WriteLine(await ReceiveAsync(socket, TimeSpan.FromSeconds(1)));
    }

    /// <summary>Sends a datagram.</summary>
    public static async Task SendAsync(IPEndPoint to, string text)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        await socket.SendToAsync(Encoding.ASCII.GetBytes(text), to);
    }

    private static async Task<string> ReceiveAsync(Socket socket, TimeSpan limit)
    {
        var buffer = new byte[100];
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            return Encoding.ASCII.GetString(buffer, 0, await socket.ReceiveAsync(buffer, timeout.Token));
        }
        catch (OperationCanceledException)
        {
            return "silence";
        }
    }
}
