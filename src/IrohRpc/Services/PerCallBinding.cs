using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>An object for each call.</summary>
internal sealed class PerCallBinding<T>(Func<CallContext, T> resolve, Func<T, ValueTask>? release) : ServiceBinding
    where T : class, IContract<T>
{
    public override ContractDescriptor Contract => T.Descriptor;

    public override void Dispatch(IncomingCall call)
    {
        T service = resolve(call.Context)
            ?? throw new InvalidOperationException($"No {T.Descriptor.Name} was resolved for the call.");
        if (release is not null)
        {
            call.OnEnded(() => release(service));
        }

        T.Dispatch(service, call);
    }
}
