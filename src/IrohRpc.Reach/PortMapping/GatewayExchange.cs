using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Reach.PortMapping;

/// <summary>A question by UDP to the router and its answer (RFC 6886, section 3.1; RFC 6887, section 8.1.1).</summary>
/// <param name="local">The address to ask from.</param>
/// <param name="server">Where the router listens.</param>
/// <param name="time">The clock.</param>
internal sealed class GatewayExchange(IPAddress local, IPEndPoint server, TimeProvider time)
{
    /// <summary>The port of NAT-PMP and PCP.</summary>
    public const int Port = 5351;

    // The longest message of PCP.
    private const int MaxLength = 1100;

    // A router on the local network answers within milliseconds, if it does at all; the specifications' minute of waiting would serve nobody.
    private static readonly TimeSpan[] Patience = [TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1)];

    /// <summary>Takes a datagram that came from the router.</summary>
    /// <returns>The answer; null for one that answers something else.</returns>
    public delegate T? Reader<T>(ReadOnlySpan<byte> datagram)
        where T : class;

    /// <summary>Asks, three times at most.</summary>
    /// <exception cref="PortMappingException">Nobody answers, or <paramref name="read"/> has thrown it.</exception>
    public async Task<T> AskAsync<T>(ReadOnlyMemory<byte> question, Reader<T> read, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            // Connected, so that nobody else's datagrams arrive.
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(local, 0));
            await socket.ConnectAsync(server, cancellationToken).ConfigureAwait(false);
            var buffer = new byte[MaxLength];
            foreach (TimeSpan patience in Patience)
            {
                await socket.SendAsync(question, cancellationToken).ConfigureAwait(false);
                using var timeout = new CancellationTokenSource(patience, time);
                using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
                try
                {
                    while (true)
                    {
                        int length = await socket.ReceiveAsync(buffer, linked.Token).ConfigureAwait(false);
                        if (read(buffer.AsSpan(0, length)) is { } answer)
                        {
                            return answer;
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
            throw new PortMappingException($"The router at {server} cannot be asked: {exception.Message}", exception);
        }

        throw new PortMappingException($"The router at {server} does not answer.");
    }
}
