using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class InterceptorsOnMemory : InterceptorSuite
{
    protected override ITransport Transport { get; } = new MemoryNetwork().Transport;
}
