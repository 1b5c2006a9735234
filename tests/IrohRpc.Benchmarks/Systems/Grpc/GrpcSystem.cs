using System.Net;
using global::Grpc.Net.Client;
using IrohRpc.Benchmarks.Systems.Emulated;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Benchmarks.Systems.Grpc;

/// <summary>
/// gRPC for .NET on Kestrel, one connection: set up as "Performance best practices with gRPC" says for throughput, with larger HTTP/2 windows, no
/// log, and messages up to what the scenarios send.
/// </summary>
internal sealed class GrpcSystem(string name, string transport, HttpProtocols protocols, LinkKind? link = null) : BenchmarkSystem(name, transport)
{
    private const int Window = 8 * 1024 * 1024;

    private readonly HoldGate _gate = new();
    private WebApplication? _server;
    private Uri? _address;
    private EmulatedLink? _path;

    public override LinkKind? Link => link;

    public override async Task StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(_gate);
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = LargestMessage);
        if (protocols == HttpProtocols.Http3)
        {
            builder.WebHost.UseQuic(quic => quic.MaxBidirectionalStreamCount = 20_000);
        }

        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // The small calls in flight are more than the 100 streams of one connection that Kestrel allows by default.
            kestrel.Limits.Http2.MaxStreamsPerConnection = 20_000;
            kestrel.Limits.Http2.InitialConnectionWindowSize = Window;
            kestrel.Limits.Http2.InitialStreamWindowSize = Window;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = protocols;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = Certificates.Current;
                    https.SslProtocols = System.Security.Authentication.SslProtocols.Tls13;
                });
            });
        });
        _server = builder.Build();
        _server.MapGrpcService<GrpcService>();
        await _server.StartAsync();
        _address = new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        if (link is not null)
        {
            // It carries datagrams: HTTP/3 only.
            _path = new EmulatedLink(new IPEndPoint(IPAddress.Loopback, _address.Port), link);
            _address = new UriBuilder(_address) { Port = _path.Address.Port }.Uri;
        }
    }

    public override Task<Session> ConnectAsync()
    {
        var handler = new SocketsHttpHandler
        {
            EnableMultipleHttp2Connections = false,
            EnableMultipleHttp3Connections = false,
            InitialHttp2StreamWindowSize = Window,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            SslOptions = { RemoteCertificateValidationCallback = Certificates.IsCurrent },
        };
        GrpcChannel channel = GrpcChannel.ForAddress(_address!, new GrpcChannelOptions
        {
            // With a handler of sockets the channel itself connects by TCP first, where HTTP/3 has nobody listening.
            HttpHandler = protocols == HttpProtocols.Http3 ? null : handler,
            HttpClient = protocols == HttpProtocols.Http3 ? new HttpClient(handler) : null,
            DisposeHttpClient = true,
            MaxReceiveMessageSize = LargestMessage,
            HttpVersion = protocols == HttpProtocols.Http3 ? HttpVersion.Version30 : HttpVersion.Version20,
            HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        });

        // It connects with the first call.
        return Task.FromResult<Session>(new GrpcSession(channel, _gate));
    }

    public override async ValueTask DisposeAsync()
    {
        _path?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
