using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>An object for each call, with what is released after it.</summary>
internal sealed class LeasedBinding<T>(Func<CallContext, IServiceLease<T>> lease) : ContractBinding<T>
    where T : class, IContract<T>
{
    public override T Resolve(IncomingCall call)
    {
        IServiceLease<T> leased = lease(call.Context)
            ?? throw new InvalidOperationException($"The lease of {T.Descriptor.Name} is null.");

        // Before the object is made: what was made of it is released also where that fails.
        call.OnEnded(leased.DisposeAsync);
        return leased.Service;
    }
}
