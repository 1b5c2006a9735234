using Hosted;
using Hosted.Policies;
using Hosted.Service;
using Hosted.Storage;
using IrohRpc;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry;

// The settings lie beside the program, wherever it is started from; a file of one's own ("Settings"), the environment and the command line change them.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (builder.Configuration["Settings"] is { } settings)
{
    builder.Configuration.AddJsonFile(settings, optional: false, reloadOnChange: true);
}

IConfigurationSection jobs = builder.Configuration.GetSection("Jobs");
builder.Services.AddSingleton(new JobStore(jobs["Database"] ?? "jobs.db"));
builder.Services.AddSingleton<JobFeed>();
builder.Services.AddHostedService<JobWorker>();

builder.Services.AddCallContextAccessor();
builder.Services.AddJobPolicies(jobs);
builder.Services.AddPeerEndpoint(builder.Configuration.GetSection("Peer"))
    .ConfigureServices(JobPolicies.Apply)
    .MapService<IJobs, JobService>();

builder.Services.AddHealthChecks().AddPeerEndpoint();

IOpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry().AddIrohRpc();
if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not null)
{
    telemetry.UseOtlpExporter();
}

WebApplication app = builder.Build();
app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = static _ => false });
app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("ready") });
app.MapGet("/peers", static (HttpContext context, HostedPeerEndpoint endpoint) => context.Response.WriteAsync(PeerList.Describe(endpoint)));
await app.RunAsync();
