using IrohRpc.Transports;

namespace IrohRpc.Tests;

/// <summary>Everything that calls promise, with interceptors on both sides that look at all of it.</summary>
public sealed class InterceptedCallsOnMemory : CallSuite
{
    protected override ITransport Transport { get; } = new InterceptedTransport(new MemoryNetwork().Transport);
}
