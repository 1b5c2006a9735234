using System.Reflection;
using AppHost.PeerEndpoints;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IrohRpc.Aspire.Tests;

/// <summary>The resource of samples/Aspire, which docs/operations.md shows: a ticket as connection string, and a service that is met there.</summary>
public sealed class PeerEndpointResourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("irohrpc-aspire-");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_ticket_is_the_connection_string_and_the_service_with_the_settings_is_met_there()
    {
        IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { ProjectDirectory = _folder.FullName, DisableDashboard = true });
        IResourceBuilder<PeerEndpointResource> jobs = builder.AddPeerEndpoint("jobs", FreePort());
        IResourceBuilder<ExecutableResource> service = builder.AddExecutable("queue", "dotnet", ".").WithPeerEndpoint(jobs);
        IResourceBuilder<ExecutableResource> caller = builder.AddExecutable("shop", "dotnet", ".").WithReference(jobs);

        // The environments are what the programs get: read as they read them.
        IConfiguration serving = await EnvironmentOfAsync(service.Resource);
        IConfiguration calling = await EnvironmentOfAsync(caller.Resource);
        HostApplicationBuilder host = Host.CreateEmptyApplicationBuilder(null);
        host.Services.AddPeerEndpoint(serving.GetSection("Peer"));
        using IHost running = host.Build();
        await running.StartAsync(Cancel);
        EndpointTicket ticket = EndpointTicket.Parse(calling.GetConnectionString("jobs")!);
        PeerEndpoint endpoint = running.Services.GetRequiredService<HostedPeerEndpoint>().Endpoint;
        Assert.Equal(endpoint.Id, ticket.Address.Id);
        Assert.Contains(Assert.Single(ticket.Address.Addresses), endpoint.Address.Addresses);
        await running.StopAsync(Cancel);
    }

    [Fact]
    public void The_ticket_stays_the_same_from_run_to_run()
    {
        EndpointTicket[] tickets = [.. Enumerable.Range(0, 2).Select(_ => DistributedApplication
            .CreateBuilder(new DistributedApplicationOptions { ProjectDirectory = _folder.FullName, DisableDashboard = true })
            .AddPeerEndpoint("jobs", 4433).Resource.Ticket)];
        Assert.Equal(tickets[0], tickets[1]);
    }

    [Fact]
    public async Task The_page_shows_the_sample()
    {
        string repository = typeof(PeerEndpointResourceTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static one => one.Key == "Repository").Value!;
        string page = await File.ReadAllTextAsync(Path.Combine(repository, "docs", "operations.md"), Cancel);
        string sample = await File.ReadAllTextAsync(Path.Combine(repository, "samples", "Aspire", "Program.cs"), Cancel);
        Assert.Contains(sample.ReplaceLineEndings("\n")[sample.IndexOf("// The endpoint", StringComparison.Ordinal)..].Trim(), page.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    private static async Task<IConfiguration> EnvironmentOfAsync(ExecutableResource resource)
    {
        var variables = new Dictionary<string, object>();
        var context = new EnvironmentCallbackContext(new DistributedApplicationExecutionContext(DistributedApplicationOperation.Run), variables);
        foreach (EnvironmentCallbackAnnotation annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
        {
            await annotation.Callback(context);
        }

        var read = new Dictionary<string, string?>();
        foreach ((string name, object value) in variables)
        {
            read[name.Replace("__", ":", StringComparison.Ordinal)] = value is IValueProvider provider ? await provider.GetValueAsync(Cancel) : value.ToString();
        }

        return new ConfigurationBuilder().AddInMemoryCollection(read).Build();
    }

    private static int FreePort()
    {
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        return ((System.Net.IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
