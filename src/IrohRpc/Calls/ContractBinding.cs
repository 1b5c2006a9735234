using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>What calls of one contract can be dispatched to.</summary>
internal abstract class ContractBinding<T> : ServiceBinding
    where T : class, IContract<T>
{
    public sealed override ContractDescriptor Contract => T.Descriptor;

    /// <summary>The object that a call is for.</summary>
    public abstract T Resolve(IncomingCall call);

    public sealed override void Dispatch(IncomingCall call) => T.Dispatch(Resolve(call), call);

    public sealed override IncomingInvocation Intercept(IncomingCall call) => new IncomingInvocation<T>(call, this);
}
