namespace IrohRpc.Benchmarks.Systems.Bare;

/// <summary>A bare <see cref="System.Net.Security.SslStream"/>, both sides with a certificate as ours always have.</summary>
internal sealed class BareTlsSystem() : BenchmarkSystem("bare-stream", "tls")
{
    private TlsAcceptor? _acceptor;

    public override Task StartAsync()
    {
        _acceptor = new TlsAcceptor(mutual: true, BareProtocol.ServeAsync);
        return Task.CompletedTask;
    }

    public override async Task<Session> ConnectAsync() => new BareSession(await _acceptor!.DialAsync(), null);

    public override ValueTask DisposeAsync() => _acceptor?.DisposeAsync() ?? ValueTask.CompletedTask;
}
