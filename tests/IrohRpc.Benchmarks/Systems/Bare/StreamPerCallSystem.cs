using System.Net.Quic;

namespace IrohRpc.Benchmarks.Systems.Bare;

/// <summary>A stream for each call on a bare <see cref="QuicConnection"/>: what a small RPC layer of one's own would do first.</summary>
internal sealed class StreamPerCallSystem() : BenchmarkSystem("bare-stream-per-call", "msquic")
{
    private QuicAcceptor? _acceptor;

    public override async Task StartAsync() => _acceptor = await QuicAcceptor.ListenAsync(AnswerAsync);

    public override async Task<Session> ConnectAsync() => new StreamPerCallSession(await _acceptor!.DialAsync());

    public override ValueTask DisposeAsync() => _acceptor?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task AnswerAsync(QuicStream stream)
    {
        byte[] buffer = new byte[BareProtocol.BlockSize];
        await stream.ReadExactlyAsync(buffer);
        if (!await BareProtocol.TryServeMuchAsync(stream, buffer))
        {
            await stream.WriteAsync(buffer, completeWrites: true);
        }
    }
}
