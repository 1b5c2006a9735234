using System.Net.Quic;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class InterceptorsOnMsQuic : InterceptorSuite
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
