using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

public sealed class RollingUpgradeOnTls : RollingUpgradeSuite
{
    protected override ITransport Transport => TlsTransport.Instance;
}
