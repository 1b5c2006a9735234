using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

public sealed class NegotiationOnMemory : NegotiationSuite
{
    protected override ITransport Transport { get; } = new MemoryNetwork().Transport;
}
