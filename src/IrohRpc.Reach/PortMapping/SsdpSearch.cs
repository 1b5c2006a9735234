using System.Net;
using System.Net.Sockets;
using System.Text;

namespace IrohRpc.Reach.PortMapping;

/// <summary>Finds the router's description by SSDP (UPnP Device Architecture 1.1, section 1.3).</summary>
/// <remarks>Anybody on the network can answer a search, so that only the router's own answers count, and only where they point to the router itself.</remarks>
internal static class SsdpSearch
{
    /// <summary>The port of SSDP.</summary>
    public const int Port = 1900;

    // Routers of version 2 answer for version 1 too.
    private const string Target = "urn:schemas-upnp-org:device:InternetGatewayDevice:1";
    private const int MaxLength = 2048;

    private static readonly IPAddress Group = IPAddress.Parse("239.255.255.250");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Where the router's description is.</summary>
    /// <exception cref="PortMappingException">The router does not answer.</exception>
    public static async Task<Uri> FindAsync(Gateway gateway, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(gateway.Local, 0));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, gateway.Local.GetAddressBytes());
            byte[] search = Encoding.ASCII.GetBytes(
                $"M-SEARCH * HTTP/1.1\r\nHOST: {Group}:{Port}\r\nMAN: \"ssdp:discover\"\r\nMX: 1\r\nST: {Target}\r\n\r\n");
            var buffer = new byte[MaxLength];
            for (int tries = 0; tries < 2; tries++)
            {
                // Some routers hear the group only, others only what is sent to them.
                await socket.SendToAsync(search, new IPEndPoint(gateway.Router, port), cancellationToken).ConfigureAwait(false);
                await TrySendToGroupAsync(socket, search, port, cancellationToken).ConfigureAwait(false);
                using var timeout = new CancellationTokenSource(Patience, time);
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
                try
                {
                    while (true)
                    {
                        SocketReceiveFromResult received = await socket
                            .ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), linked.Token).ConfigureAwait(false);
                        if (((IPEndPoint)received.RemoteEndPoint).Address.Equals(gateway.Router)
                            && ReadLocation(Encoding.Latin1.GetString(buffer, 0, received.ReceivedBytes), gateway.Router) is { } location)
                        {
                            return location;
                        }
                    }
                }
                catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                {
                    // Asked again, or given up.
                }
            }
        }
        catch (SocketException exception)
        {
            throw new PortMappingException($"The router {gateway.Router} cannot be searched for: {exception.Message}", exception);
        }

        throw new PortMappingException($"The router {gateway.Router} does not answer to a search by UPnP.");
    }

    /// <summary>Reads an answer.</summary>
    /// <returns>The description's address; null where the answer is to something else, or points elsewhere than to the router.</returns>
    public static Uri? ReadLocation(string answer, IPAddress router)
    {
        string[] lines = answer.Split("\r\n");
        if (!lines[0].StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || !Array.Exists(lines, static line => IsHeader(line, "ST", Target)))
        {
            return null;
        }

        string? location = Array.Find(lines, static line => line.StartsWith("LOCATION:", StringComparison.OrdinalIgnoreCase))?["LOCATION:".Length..].Trim();
        return Uri.TryCreate(location, UriKind.Absolute, out Uri? uri) && IsAt(uri, router) ? uri : null;
    }

    /// <summary>Whether a URL leads to the router, by HTTP.</summary>
    public static bool IsAt(Uri uri, IPAddress router)
        => uri.Scheme == Uri.UriSchemeHttp && IPAddress.TryParse(uri.Host, out IPAddress? host) && host.Equals(router);

    private static bool IsHeader(string line, string name, string value)
        => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase) && line.AsSpan(name.Length + 1).Trim().SequenceEqual(value);

    private static async Task TrySendToGroupAsync(Socket socket, byte[] search, int port, CancellationToken cancellationToken)
    {
        try
        {
            await socket.SendToAsync(search, new IPEndPoint(Group, port), cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // A network without multicast.
        }
    }
}
