using System.Net.Quic;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class CallsOnMsQuic : CallSuite
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
