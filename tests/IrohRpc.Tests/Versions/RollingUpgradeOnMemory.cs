using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

public sealed class RollingUpgradeOnMemory : RollingUpgradeSuite
{
    protected override ITransport Transport { get; } = new MemoryNetwork().Transport;
}
