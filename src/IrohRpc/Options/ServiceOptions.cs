namespace IrohRpc;

/// <summary>How a mapped service answers.</summary>
public sealed class ServiceOptions : RpcOptions;
