using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>An object for each call.</summary>
internal sealed class PerCallBinding<T>(Func<CallContext, T> resolve, Func<T, ValueTask>? release) : ContractBinding<T>
    where T : class, IContract<T>
{
    public override T Resolve(IncomingCall call)
    {
        // What the resolver throws is the call's error, as if the handler had thrown it: this is where a caller is turned away.
        T service = resolve(call.Context)
            ?? throw new InvalidOperationException($"The resolver of {T.Descriptor.Name} returned null.");
        if (release is not null)
        {
            call.OnEnded(() => release(service));
        }

        return service;
    }
}
