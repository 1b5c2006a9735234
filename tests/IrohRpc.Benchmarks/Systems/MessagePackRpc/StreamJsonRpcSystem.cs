using System.Net.Security;
using StreamJsonRpc;
using IrohRpc.Benchmarks.Systems.Bare;

namespace IrohRpc.Benchmarks.Systems.MessagePackRpc;

/// <summary>StreamJsonRpc with MessagePack and length-prefixed messages over TLS, which its documentation names as the fastest set-up.</summary>
internal sealed class StreamJsonRpcSystem() : BenchmarkSystem("streamjsonrpc", "tls")
{
    private readonly HoldGate _gate = new();
    private readonly List<JsonRpc> _servers = [];
    private TlsAcceptor? _acceptor;

    public override Task StartAsync()
    {
        _acceptor = new TlsAcceptor(mutual: false, Serve);
        return Task.CompletedTask;
    }

    public override async Task<Session> ConnectAsync()
    {
        SslStream stream = await _acceptor!.DialAsync();
        var rpc = new JsonRpc(Messages(stream));
        IStreamJsonRpcBench service = rpc.Attach<IStreamJsonRpcBench>();
        rpc.StartListening();
        return new StreamJsonRpcSession(rpc, service, _gate);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (JsonRpc server in _servers)
        {
            server.Dispose();
        }

        if (_acceptor is not null)
        {
            await _acceptor.DisposeAsync();
        }
    }

    private Task Serve(SslStream stream)
    {
        var server = new JsonRpc(Messages(stream)) { SynchronizationContext = null };
        server.AddLocalRpcTarget<IStreamJsonRpcBench>(new StreamJsonRpcService(_gate), null);
        server.StartListening();
        lock (_servers)
        {
            _servers.Add(server);
        }

        return server.Completion;
    }

    private static LengthHeaderMessageHandler Messages(SslStream stream) => new(stream, stream, new MessagePackFormatter());
}
