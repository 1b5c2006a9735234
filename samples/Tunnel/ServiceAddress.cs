using System.Net;
using System.Net.Sockets;

namespace Tunnel;

/// <summary>The service that the listening side forwards to: a host name or address, and a TCP port.</summary>
internal sealed record ServiceAddress(string Host, int Port)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Reads <c>host:port</c>, <c>1.2.3.4:port</c> or <c>[::1]:port</c>.</summary>
    public static bool TryParse(string text, out ServiceAddress? address)
    {
        address = null;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text.AsSpan(colon + 1), out ushort port) || port == 0)
        {
            return false;
        }

        string host = text[..colon];
        bool isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (isBracketed)
        {
            host = host[1..^1];
        }

        if (host.Contains(':') != isBracketed || Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            return false;
        }

        address = new ServiceAddress(host, port);
        return true;
    }

    /// <summary>Opens a TCP connection, trying every address of the host.</summary>
    /// <exception cref="SocketException">It cannot be reached; a time-out is <see cref="SocketError.TimedOut"/>.</exception>
    public async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(ConnectTimeout);
        Socket socket = IPAddress.TryParse(Host, out IPAddress? address)
            ? new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            if (address is null)
            {
                await socket.ConnectAsync(Host, Port, timeout.Token);
            }
            else
            {
                await socket.ConnectAsync(address, Port, timeout.Token);
            }

            return socket;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
