using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>What every contract is, for what needs to know no more: see <see cref="IContract{TSelf}"/>.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IContract;

/// <summary>
/// What the generator adds to an interface with <see cref="AlpnAttribute"/>: it makes the interface a contract, as a type argument, without
/// registry or reflection. The members are implemented explicitly on the interface itself, so that classes implement only its methods.
/// </summary>
/// <typeparam name="TSelf">The contract.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IContract<TSelf> : IContract
    where TSelf : class, IContract<TSelf>
{
    /// <summary>The contract as the runtime sees it.</summary>
    static abstract ContractDescriptor Descriptor { get; }

    /// <summary>Makes the caller's half: an object whose methods go through <paramref name="invoker"/>.</summary>
    /// <param name="invoker">Where the calls go.</param>
    static abstract TSelf CreateProxy(CallInvoker invoker);

    /// <summary>Runs one call: reads its arguments, calls the method of its index, and completes it.</summary>
    /// <param name="service">Whom to call.</param>
    /// <param name="incoming">
    /// The call. An exception before its <see cref="IncomingCall.EndArguments()"/> is an argument that does not decode, one afterwards is the handler's.
    /// </param>
    static abstract void Dispatch(TSelf service, IncomingCall incoming);

    /// <summary>
    /// Makes what stands in for a proxy or a service where interceptors run: it hands each call with its arguments to <paramref name="interception"/>. Null for a contract that an older generator
    /// has completed.
    /// </summary>
    /// <param name="interception">Takes the calls.</param>
    static virtual TSelf? Intercept(CallInterception interception) => null;
}
