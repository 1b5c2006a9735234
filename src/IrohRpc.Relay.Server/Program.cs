using IrohRpc;
using IrohRpc.Relay;
using IrohRpc.Relay.Server;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseKestrelHttpsConfiguration();

RelaySettings settings = RelaySettings.Read(builder.Configuration.GetSection("Relay"));
builder.Services.AddRelay(settings.Apply);

WebApplication application = builder.Build();
application.UseWebSockets();
application.MapRelay();
application.Run();
