using System.ComponentModel;

namespace IrohRpc.CompilerServices;

/// <summary>The base of generated classes that stand in for a proxy or a service where interceptors run around its calls.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class InterceptedProxy : ContractProxy
{
    /// <summary>Makes one.</summary>
    /// <param name="interception">Takes the calls.</param>
    protected InterceptedProxy(CallInterception interception)
        : base(interception) => Interception = interception;

    /// <summary>Takes the calls.</summary>
    protected CallInterception Interception { get; }
}
