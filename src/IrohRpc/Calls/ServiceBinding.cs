using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>Something that calls can be dispatched to, with its contract.</summary>
internal abstract class ServiceBinding
{
    public abstract ContractDescriptor Contract { get; }

    /// <summary>Runs one call through the generated dispatcher.</summary>
    public abstract void Dispatch(IncomingCall call);

    /// <summary>One call for interceptors to run around.</summary>
    public abstract IncomingInvocation Intercept(IncomingCall call);
}

/// <summary>One object for all calls.</summary>
internal sealed class ServiceBinding<T>(T service) : ContractBinding<T>
    where T : class, IContract<T>
{
    /// <summary>The object.</summary>
    public T Service => service;

    public override T Resolve(IncomingCall call) => service;
}
