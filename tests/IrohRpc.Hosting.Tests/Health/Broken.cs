using IrohRpc.Transports;

namespace IrohRpc.Hosting.Tests;

/// <summary>A transport that lacks something on this machine.</summary>
internal sealed class Broken : ITransport
{
    public string Name => "broken";

    public string? UnsupportedReason => "it is broken for the test";

    public bool CanDial(TransportAddress address) => false;

    public ValueTask<PeerConnection> DialAsync(TransportAddress address, DialRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ITransportListener> ListenAsync(ListenRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();
}
