using System.Reflection;
using AppHost.PeerEndpoints;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Hosted;
using IrohRpc.Samples.Tests.Programs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace IrohRpc.Aspire.Tests;

/// <summary>An application with an endpoint among its resources, run by Aspire's own orchestrator as processes of their own.</summary>
public sealed class OrchestratorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("irohrpc-aspire-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_orchestrator_starts_a_service_that_is_met_at_the_ticket_and_stops_it()
    {
        string orchestrator = Metadata("Orchestrator");
        Assert.SkipUnless(File.Exists(orchestrator), $"Aspire's orchestrator is not at {orchestrator}.");
        IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { ProjectDirectory = _folder.FullName, DisableDashboard = true });
        builder.Configuration["DcpPublisher:CliPath"] = orchestrator;

        // There is none, and the options want a path all the same.
        builder.Configuration["DcpPublisher:DashboardPath"] = orchestrator;
        IResourceBuilder<PeerEndpointResource> jobs = builder.AddPeerEndpoint("jobs", Tcp.FreePort());
        string folder = Path.Combine(Metadata("Repository"), "samples", "Hosted", "bin", Metadata("Configuration"), "net10.0");
        builder.AddExecutable(
            "queue", "dotnet", folder, Path.Combine(folder, "hosted.dll"), $"--Urls=http://127.0.0.1:{Tcp.FreePort()}", $"--Jobs:Database={Path.Combine(_folder.FullName, "jobs.db")}")
            .WithPeerEndpoint(jobs);
        await using DistributedApplication application = builder.Build();
        await application.StartAsync(Cancel);
        await application.ResourceNotifications.WaitForResourceAsync("queue", KnownResourceStates.Running, Cancel);

        await using PeerEndpoint client = await PeerEndpoint.BindAsync(cancellationToken: Cancel);
        IJobs service = client.Connect<IJobs>(
            EndpointTicket.Parse((await jobs.Resource.ConnectionStringExpression.GetValueAsync(Cancel))!), new ClientOptions { WaitForReady = ChildProcess.Patience });
        var id = Guid.NewGuid();
        Assert.Equal(client.Id, (await service.SubmitAsync(id, "stressed", Cancel)).Submitter);

        await application.ResourceCommands.ExecuteCommandAsync("queue", KnownResourceCommands.StopCommand, Cancel);
        await application.ResourceNotifications.WaitForResourceAsync("queue", KnownResourceStates.TerminalStates, Cancel);
        RpcException gone = await Assert.ThrowsAsync<RpcException>(() => client.Connect<IJobs>(jobs.Resource.Ticket).FindAsync(id, Cancel).AsTask());
        Assert.Equal(RpcStatusCode.Unavailable, gone.StatusCode);
        await application.StopAsync(Cancel);
    }

    private static string Metadata(string key) => typeof(OrchestratorTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == key).Value!;
}
