namespace IrohRpc;

/// <summary>
/// Declares a typed fault: the handler throws <see cref="RpcFaultException{T}"/> and the caller catches it with its detail. On an interface
/// it holds for all the methods that the interface declares.
/// </summary>
/// <typeparam name="T">The detail: a type that MemoryPack serializes.</typeparam>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Interface, AllowMultiple = true, Inherited = false)]
public sealed class FaultAttribute<T> : Attribute;
