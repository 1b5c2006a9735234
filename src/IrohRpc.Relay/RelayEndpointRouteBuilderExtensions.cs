using System.Net.WebSockets;
using IrohRpc.Reach.Relay.Protocol;
using IrohRpc.Relay.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Relay;

/// <summary>Gives a relay its paths.</summary>
public static class RelayEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Maps <c>/relay</c> (the WebSocket), <c>/ping</c> (clients measure the way to the relay with it), <c>/generate_204</c> (clients find captive
    /// portals with it) and <c>/healthz</c>. The application must use WebSockets (<c>app.UseWebSockets()</c>).
    /// </summary>
    /// <param name="endpoints">The application's routes.</param>
    /// <exception cref="InvalidOperationException">The services lack <see cref="RelayServiceCollectionExtensions.AddRelay"/>.</exception>
    public static IEndpointRouteBuilder MapRelay(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        RelayHub hub = endpoints.ServiceProvider.GetService<RelayHub>()
            ?? throw new InvalidOperationException("The services have no relay. Call services.AddRelay() first.");
        endpoints.Map(RelayProtocol.Path, (RequestDelegate)(context => ServeAsync(context, hub)));
        endpoints.MapGet("/ping", (RequestDelegate)(static context => AnswerPing(context)));
        endpoints.MapGet("/generate_204", (RequestDelegate)(static context => AnswerCaptivePortalCheck(context)));
        endpoints.MapGet("/healthz", (RequestDelegate)(context => AnswerHealthAsync(context, hub)));
        endpoints.MapGet("/robots.txt", (RequestDelegate)(static context => context.Response.WriteAsync("User-agent: *\nDisallow: /\n")));
        endpoints.MapGet("/", (RequestDelegate)(static context => context.Response.WriteAsync("This is an iroh relay.\n")));
        return endpoints;
    }

    private static async Task ServeAsync(HttpContext context, RelayHub hub)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "This path takes WebSocket requests only.").ConfigureAwait(false);
        }
        else if (!AccessTokens.Allow(context.Request, hub.Options.AccessTokens))
        {
            hub.Metrics.ClientRefused("no valid token");
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "This relay needs a token.").ConfigureAwait(false);
        }
        else if (RelayProtocol.Choose(context.WebSockets.WebSocketRequestedProtocols) is not { } version)
        {
            await RefuseAsync(
                context, StatusCodes.Status400BadRequest, $"This relay speaks {RelayProtocol.V1Name} and {RelayProtocol.V2Name}.").ConfigureAwait(false);
        }
        else if (hub.IsFull)
        {
            hub.Metrics.ClientRefused("full");
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "This relay takes no more clients.").ConfigureAwait(false);
        }
        else
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
            {
                SubProtocol = RelayProtocol.NameOf(version),
                KeepAliveInterval = TimeSpan.Zero,
            }).ConfigureAwait(false);
            await hub.ServeAsync(socket, version, context.Connection.RemoteIpAddress, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(reason + "\n");
    }

    private static Task AnswerPing(HttpContext context)
    {
        // A client in a browser asks from another origin.
        context.Response.Headers.AccessControlAllowOrigin = "*";
        return Task.CompletedTask;
    }

    private static Task AnswerCaptivePortalCheck(HttpContext context)
    {
        string? challenge = context.Request.Headers["X-Iroh-Challenge"];
        if (challenge is { Length: > 0 and < 64 } && challenge.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
        {
            context.Response.Headers["X-Iroh-Response"] = $"response {challenge}";
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task AnswerHealthAsync(HttpContext context, RelayHub hub)
    {
        bool isFull = hub.IsFull;
        context.Response.StatusCode = isFull ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"status":"{{(isFull ? "full" : "ok")}}","clients":{{hub.Clients}}}""");
    }
}
