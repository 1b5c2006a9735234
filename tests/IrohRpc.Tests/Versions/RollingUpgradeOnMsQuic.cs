using System.Net.Quic;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

public sealed class RollingUpgradeOnMsQuic : RollingUpgradeSuite
{
    protected override ITransport Transport
    {
        get
        {
            Assert.SkipUnless(QuicListener.IsSupported, "libmsquic is not installed.");
            return MsQuicTransport.Instance;
        }
    }
}
