using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class InterceptorsOnTls : InterceptorSuite
{
    protected override ITransport Transport => TlsTransport.Instance;
}
