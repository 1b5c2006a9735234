using IrohRpc.Extensions.Hosting.Internal.Interceptors;
using IrohRpc.Internal;

namespace IrohRpc.Extensions.Hosting.Internal;

/// <summary>What was registered of one endpoint, apart from its options.</summary>
internal sealed class EndpointRegistration(string name)
{
    public string Name => name;

    /// <summary>The services, in the order in which they were mapped, which is that of preference.</summary>
    public List<ServiceMapping> Services { get; } = [];

    /// <summary>The interceptors of all calls of the endpoint, in their order.</summary>
    public List<ContainerInterceptor> Interceptors { get; } = [];

    /// <summary>What changes the options of all services, after configuration.</summary>
    public List<Action<ServiceOptions, IServiceProvider>> ServiceChanges { get; } = [];

    /// <summary>What else is done with the router: other protocols.</summary>
    public List<Action<IServiceProvider, RouterBuilder>> RouterChanges { get; } = [];

    /// <summary>Where the key comes from; null where the options say it, or none is kept.</summary>
    public Func<IServiceProvider, ISecretKeyProvider>? SecretKeyProvider { get; set; }
}
