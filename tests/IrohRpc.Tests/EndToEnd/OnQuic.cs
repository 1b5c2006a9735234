using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class CallsOnQuic : CallSuite
{
    protected override ITransport Transport => QuicTransport.Instance;
}
