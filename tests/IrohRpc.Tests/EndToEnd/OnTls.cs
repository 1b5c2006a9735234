using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class CallsOnTls : CallSuite
{
    protected override ITransport Transport => TlsTransport.Instance;
}
