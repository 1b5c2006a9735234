using AppHost.PeerEndpoints;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

IDistributedApplicationBuilder builder = DistributedApplication.CreateBuilder(args);

// The endpoint is a resource: its key stays with the application host, so that its ticket is known before anything runs.
IResourceBuilder<PeerEndpointResource> jobs = builder.AddPeerEndpoint("jobs", port: 4433);

// The service that has it.
builder.AddProject("queue", "../Hosted/Hosted.csproj").WithPeerEndpoint(jobs);

// Who calls it gets the ticket as a connection string: .WithReference(jobs)
builder.Build().Run();
