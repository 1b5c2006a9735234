using IrohRpc.Internal;

namespace IrohRpc.Extensions.Hosting.Internal;

/// <summary>What was registered of one endpoint, apart from its options.</summary>
internal sealed class EndpointRegistration(string name)
{
    public string Name => name;

    /// <summary>The services, in the order in which they were mapped, which is that of preference.</summary>
    public List<ServiceMapping> Services { get; } = [];

    /// <summary>What else is done with the router: other protocols.</summary>
    public List<Action<IServiceProvider, RouterBuilder>> RouterChanges { get; } = [];

    /// <summary>Where the key comes from; null where the options say it, or none is kept.</summary>
    public Func<IServiceProvider, ISecretKeyProvider>? SecretKeyProvider { get; set; }
}
