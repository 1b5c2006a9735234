using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class CallsOnMemory : CallSuite
{
    protected override ITransport Transport { get; } = new MemoryNetwork().Transport;
}
