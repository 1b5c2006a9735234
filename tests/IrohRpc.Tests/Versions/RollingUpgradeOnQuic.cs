using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

public sealed class RollingUpgradeOnQuic : RollingUpgradeSuite
{
    protected override ITransport Transport => QuicTransport.Instance;
}
