using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class InterceptorsOnQuic : InterceptorSuite
{
    protected override ITransport Transport => QuicTransport.Instance;
}
