using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

public sealed class NegotiationOnQuic : NegotiationSuite
{
    protected override ITransport Transport => QuicTransport.Instance;
}
