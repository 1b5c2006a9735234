using Hosted;
using Hosted.Service;
using Hosted.Storage;
using IrohRpc;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

// The settings lie beside the program, wherever it is started from; the command line and the environment change them.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });

builder.Services.AddSingleton(services => new JobStore(services.GetRequiredService<IConfiguration>()["Jobs:Database"] ?? "jobs.db"));
builder.Services.AddSingleton<JobFeed>();
builder.Services.AddHostedService<JobWorker>();

builder.Services.AddCallContextAccessor();
builder.Services.AddPeerEndpoint(builder.Configuration.GetSection("Peer"))
    .Configure(static (options, services) => options.AdmitPeer = AllowList.Read(services.GetRequiredService<IConfiguration>()))
    .MapService<IJobs, JobService>();

builder.Services.AddHealthChecks().AddPeerEndpoint();

WebApplication app = builder.Build();
app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = static _ => false });
app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("ready") });
app.MapGet("/peers", static (HttpContext context, HostedPeerEndpoint endpoint) => context.Response.WriteAsync(PeerList.Describe(endpoint)));
await app.RunAsync();
