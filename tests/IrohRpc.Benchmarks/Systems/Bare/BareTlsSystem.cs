using IrohRpc.Benchmarks.Systems.Emulated;

namespace IrohRpc.Benchmarks.Systems.Bare;

/// <summary>A bare <see cref="System.Net.Security.SslStream"/>, both sides with a certificate as ours always have.</summary>
/// <param name="link">What lies between both sides; null for loopback alone.</param>
internal sealed class BareTlsSystem(LinkKind? link = null) : BenchmarkSystem("bare-stream", "tls" + link?.Suffix)
{
    private TlsAcceptor? _acceptor;
    private EmulatedTcpLink? _path;

    public override LinkKind? Link => link;

    public override Task StartAsync()
    {
        _acceptor = new TlsAcceptor(mutual: true, BareProtocol.ServeAsync);
        _path = link is null ? null : new EmulatedTcpLink(_acceptor.Address, link);
        return Task.CompletedTask;
    }

    public override async Task<Session> ConnectAsync() => new BareSession(await _acceptor!.DialAsync(_path?.Address), null);

    public override ValueTask DisposeAsync()
    {
        _path?.Dispose();
        return _acceptor?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
