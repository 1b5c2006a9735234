using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class EndpointsOnTls : EndpointSuite
{
    protected override ITransport Transport => TlsTransport.Instance;
}
