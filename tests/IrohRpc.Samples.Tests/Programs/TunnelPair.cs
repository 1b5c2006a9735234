using System.Net;
using System.Net.Sockets;

namespace IrohRpc.Samples.Tests.Programs;

/// <summary>Both sides of the tunnel sample, as two processes in front of a service on loopback.</summary>
internal sealed class TunnelPair : IAsyncDisposable
{
    private TunnelPair(ChildProcess listening, ChildProcess connecting, string ticket, int port)
    {
        Listening = listening;
        Connecting = connecting;
        Ticket = ticket;
        Port = port;
    }

    public ChildProcess Listening { get; private set; }

    public ChildProcess Connecting { get; }

    public string Ticket { get; }

    /// <summary>The local port that leads to the service.</summary>
    public int Port { get; }

    public static async Task<TunnelPair> StartAsync(int servicePort, string transport)
    {
        (ChildProcess listening, string ticket) = await ListenAsync(servicePort, transport);
        try
        {
            ChildProcess connecting = Connect(ticket, transport);
            try
            {
                string line = await connecting.Errors.LineAsync("listening at ");
                string endPoint = line.Split("listening at ")[1].Split(';')[0];
                return new TunnelPair(listening, connecting, ticket, IPEndPoint.Parse(endPoint).Port);
            }
            catch
            {
                await connecting.DisposeAsync();
                throw;
            }
        }
        catch
        {
            await listening.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a listening side and returns it with its ticket.</summary>
    public static async Task<(ChildProcess Process, string Ticket)> ListenAsync(
        int servicePort, string transport, params IEnumerable<string> more)
    {
        ChildProcess listening = ChildProcess.Start(
            SampleProgram.Tunnel, ["listen", "--to", $"127.0.0.1:{servicePort}", "--transport", transport, .. more]);
        return (listening, await listening.Output.LineAsync("endpoint"));
    }

    /// <summary>Starts a connecting side at any free port.</summary>
    public static ChildProcess Connect(string ticket, string transport)
        => ChildProcess.Start(SampleProgram.Tunnel, "connect", ticket, "--at", "0", "--transport", transport);

    /// <summary>A client of the service, through the tunnel.</summary>
    public Task<Socket> OpenAsync() => Tcp.OpenAsync(Port);

    public async ValueTask DisposeAsync()
    {
        await Connecting.DisposeAsync();
        await Listening.DisposeAsync();
    }
}
