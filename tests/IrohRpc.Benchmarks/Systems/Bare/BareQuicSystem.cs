using System.Net.Quic;

namespace IrohRpc.Benchmarks.Systems.Bare;

/// <summary>A bare <see cref="QuicStream"/>, both sides with a certificate as ours always have.</summary>
internal sealed class BareQuicSystem() : BenchmarkSystem("bare-stream", "msquic")
{
    private QuicAcceptor? _acceptor;

    public override async Task StartAsync() => _acceptor = await QuicAcceptor.ListenAsync(BareProtocol.ServeAsync);

    public override async Task<Session> ConnectAsync()
    {
        QuicConnection connection = await _acceptor!.DialAsync();
        return new BareSession(await connection.OpenOutboundStreamAsync(QuicStreamType.Bidirectional), connection);
    }

    public override ValueTask DisposeAsync() => _acceptor?.DisposeAsync() ?? ValueTask.CompletedTask;
}
