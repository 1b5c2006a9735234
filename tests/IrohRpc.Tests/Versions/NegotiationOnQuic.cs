using System.Net.Quic;
using IrohRpc.Transports;

namespace IrohRpc.Tests.Versions;

public sealed class NegotiationOnQuic : NegotiationSuite
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
