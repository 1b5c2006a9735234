using IrohRpc.Transports.Conformance;

namespace IrohRpc.Transports.Tests.Conformance;

/// <summary>A dial that never gets an answer, until it is disposed of.</summary>
internal sealed class StalledDial : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _dial;

    public StalledDial(ITransport transport, TransportAddress address, ConformancePeer dialler, ConformancePeer acceptor)
    {
        var options = new PeerOptions { HandshakeTimeout = TimeSpan.FromMinutes(10) };
        var request = new DialRequest(acceptor.Id, options.Alpns, options.ToSettings(dialler));
        _dial = transport.DialAsync(address, request, _stop.Token).AsTask();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _dial.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
