using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Connections;

namespace IrohRpc.Quic.Tests.Simulation;

/// <summary>A client, a server, and a link between them.</summary>
internal sealed class SimulatedPair : IDisposable
{
    public SimulatedPair(
        int seed = 1, LinkConditions? there = null, LinkConditions? back = null, QuicConnectionOptions? client = null, QuicConnectionOptions? server = null)
    {
        Network = new SimulatedNetwork(seed);
        Client = new SimulatedHost(Network, client ?? Options());
        Server = new SimulatedHost(Network, server ?? Options());
        there ??= new LinkConditions();
        Network.Connect(Client, Server, there, back ?? there);
    }

    public SimulatedNetwork Network { get; }

    public SimulatedHost Client { get; }

    public SimulatedHost Server { get; }

    /// <summary>The client's connection, once dialled.</summary>
    public SimulatedConnection Dialled { get; private set; } = null!;

    /// <summary>The server's connection, once accepted.</summary>
    public SimulatedConnection Accepted
        => Server.Connections.FirstOrDefault(static connection => connection.Core.State != ConnectionState.Closed) ?? Server.Connections[0];

    public static QuicConnectionOptions Options(long streams = 100, long bytes = 256 * 1024, long allBytes = 16 * 1024 * 1024) => new()
    {
        Limits = new StreamLimits
        {
            MaxData = allBytes,
            MaxStreamDataBidirectionalLocal = bytes,
            MaxStreamDataBidirectionalRemote = bytes,
            MaxStreamDataUnidirectional = bytes,
            MaxStreamsBidirectional = streams,
            MaxStreamsUnidirectional = streams,
        },
    };

    public SimulatedConnection Dial() => Dialled = Client.Dial(Server);

    /// <summary>Dials, and waits until both sides have confirmed the handshake.</summary>
    public void Connect()
    {
        Dial();
        Assert.True(Network.Run(() => Dialled.Core.IsConfirmed && Accepted.Core.IsConfirmed, TimeSpan.FromSeconds(10)), Describe());
    }

    public void Run(TimeSpan time) => Network.Run(() => false, time);

    public bool Run(Func<bool> isDone, TimeSpan? limit = null) => Network.Run(isDone, limit ?? TimeSpan.FromSeconds(60));

    /// <summary>Closes, waits for the end, and checks that nothing is left.</summary>
    public void CloseAndCheck()
    {
        Dialled.Core.CloseByApplication(7, "done", Network.Now);
        Assert.True(
            Network.Run(() => Client.Connections.Concat(Server.Connections).All(c => c.Core.State == ConnectionState.Closed), TimeSpan.FromMinutes(5)),
            Describe());
        CheckNothingIsLeft();
    }

    public void CheckNothingIsLeft()
    {
        foreach (SimulatedHost host in Network.Hosts)
        {
            Assert.Equal(0, host.RouteCount);
            foreach (SimulatedConnection connection in host.Connections)
            {
                Assert.Equal(0, connection.Core.Streams.StreamCount);
                Assert.Equal(0, connection.Core.Streams.Segments.RentedBytes);
                Assert.Equal(0, connection.Core.Streams.SentFrames!.Count);
            }
        }
    }

    public string Describe() => string.Join(
        " | ",
        Client.Connections.Concat(Server.Connections).Select(c => $"{(c.Core.IsServer ? "server" : "client")} {c.Core.State} {c.Core.Close}"))
        + $" at {Network.Now}";

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }
}
