using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class EndpointsOnQuic : EndpointSuite
{
    protected override ITransport Transport => QuicTransport.Instance;
}
