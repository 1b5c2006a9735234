using System.Net.Quic;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

public sealed class NegotiationOnMsQuic : NegotiationSuite
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
