using System.Net.Quic;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

public sealed class RollingUpgradeOnQuic : RollingUpgradeSuite
{
    protected override ITransport Transport
    {
        get
        {
            Assert.SkipUnless(QuicListener.IsSupported, "libmsquic is not installed.");
            return QuicTransport.Instance;
        }
    }
}
