using System.Threading.RateLimiting;
using IrohRpc;
using IrohRpc.Extensions.Policies;
using OpenTelemetry;

namespace PrintShop.Service;

public static class PrintShopHost
{
    public static WebApplication Build(string[] args, Action<IServiceCollection>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton<JobQueue>();
        builder.Services.AddSingleton<PrinterPool>();
        builder.Services.AddHostedService<Dispatcher>();
        builder.Services.AddCallContextAccessor();
        builder.Services.AddKeyedSingleton("operators", (services, _) => PeerAllowList.FromFile(
            builder.Configuration["PrintShop:Operators"] ?? "operators.txt", services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddScoped<Audit>();
        builder.Services.AddPeerEndpoint(builder.Configuration.GetSection("Peer"))
            .AddInterceptor<Audit>()
            .ConfigureServices(static (options, services) => options.Interceptors
                .AddLogging(services.GetRequiredService<ILoggerFactory>(), static logging => logging.LogArguments = true)
                .AddAuthorization(authorization => authorization
                    .AddPolicy("customers", static _ => new(true))
                    .AddPolicy("printers", static _ => new(true))
                    .AddPolicy("operators", services.GetRequiredKeyedService<PeerAllowList>("operators"))))
            .MapService<IPrintJobs, PrintJobService>(static (options, _) => options.Interceptors
                .AddRateLimits(static limits => limits.Add(RateLimitScope.Peer, static () => new TokenBucketRateLimiter(new()
                {
                    TokenLimit = 100, TokensPerPeriod = 100, ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                })))
                .AddValidation(static validation => validation.For<string>(static text => text.Length > 0 ? null : "It is empty.")))
            .MapService<IPrinters, PrinterService>();

        builder.Services.AddHealthChecks().AddPeerEndpoint();
        IOpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry().AddIrohRpc();
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
        {
            telemetry.UseOtlpExporter();
        }

        configure?.Invoke(builder.Services);
        WebApplication app = builder.Build();
        app.MapHealthChecks("/health/ready");
        return app;
    }
}
