using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

public sealed class NegotiationOnTls : NegotiationSuite
{
    protected override ITransport Transport => TlsTransport.Instance;
}
