using System.Net.Quic;
using IrohRpc.Transports;

namespace IrohRpc.Tests;

public sealed class CallsOnQuic : CallSuite
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
