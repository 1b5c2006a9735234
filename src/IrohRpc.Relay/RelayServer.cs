using System.Net;
using IrohRpc.Relay.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Relay;

/// <summary>A relay in this process, over plain HTTP: for tests, and behind a proxy that speaks TLS.</summary>
/// <remarks>An application that has its own web server uses <see cref="RelayEndpointRouteBuilderExtensions.MapRelay"/>.</remarks>
public sealed class RelayServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _isDisposed;

    private RelayServer(WebApplication application, Uri url)
    {
        _application = application;
        Url = url;
    }

    /// <summary>Where the relay listens: what goes into a relay map.</summary>
    public Uri Url { get; }

    /// <summary>How many clients it has.</summary>
    public int Clients => _application.Services.GetRequiredService<RelayHub>().Clients;

    /// <summary>Starts a relay.</summary>
    /// <param name="endPoint">Where it listens; any free port of loopback by default.</param>
    /// <param name="configure">Changes the options; null for the defaults.</param>
    /// <param name="loggerFactory">Where it logs to; nowhere by default.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<RelayServer> StartAsync(
        IPEndPoint? endPoint = null,
        Action<RelayOptions>? configure = null,
        ILoggerFactory? loggerFactory = null,
        CancellationToken cancellationToken = default)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(endPoint ?? new IPEndPoint(IPAddress.Loopback, 0)));
        builder.Services.AddRoutingCore();
        builder.Services.AddRelay(configure);
        if (loggerFactory is not null)
        {
            builder.Services.AddSingleton(loggerFactory);
        }

        WebApplication application = builder.Build();
        try
        {
            application.UseWebSockets();
            application.MapRelay();
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
            string address = application.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First();
            return new RelayServer(application, new Uri(address));
        }
        catch
        {
            await application.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Sends the clients away and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await _application.StopAsync().ConfigureAwait(false);
            await _application.DisposeAsync().ConfigureAwait(false);
        }
    }
}
