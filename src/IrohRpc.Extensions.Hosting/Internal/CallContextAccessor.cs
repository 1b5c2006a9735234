using IrohRpc.Internal;

namespace IrohRpc.Extensions.Hosting.Internal;

/// <summary>Reads what calls of services that flow their context leave in the flow of control.</summary>
internal sealed class CallContextAccessor : ICallContextAccessor
{
    public CallContext? CallContext => CallContext.Current;
}
