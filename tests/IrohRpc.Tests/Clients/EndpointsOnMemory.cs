using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class EndpointsOnMemory : EndpointSuite
{
    private readonly MemoryNetwork _network = new();

    protected override ITransport Transport => _network.Transport;

    private protected override Task LoseAsync(PeerConnection connection)
    {
        _network.LoseConnection(connection);
        return connection.Closed;
    }
}
