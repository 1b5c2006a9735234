using IrohRpc.Testing;
using IrohRpc.Transports;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Hosting.Tests;

/// <summary>What the hosts of a test speak: memory, or real sockets.</summary>
public sealed class TestTransport
{
    private readonly ITransport[]? _transports;

    private TestTransport(params ITransport[]? transports) => _transports = transports;

    public static TestTransport Create(string name) => name switch
    {
        "memory" => new TestTransport(new MemoryNetwork().Transport),
        "quic" => new TestTransport(QuicTransport.Instance),
        "tls" => new TestTransport(TlsTransport.Instance),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "unknown"),
    };

    public IPeerEndpointBuilder AddEndpoint(IServiceCollection services, string name = "")
        => services.AddPeerEndpoint(name, options => options.Transports = _transports!);

    public PeerEndpointOptions Options() => new() { Transports = _transports! };
}
