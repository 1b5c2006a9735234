namespace IrohRpc;

/// <summary>
/// The base of attributes on contracts, their methods and parameters that interceptors read with <see cref="RpcMethod.Metadata"/>. The generator writes them into the contract's
/// descriptor, so that no reflection is needed.
/// </summary>
[AttributeUsage(AttributeTargets.Interface | AttributeTargets.Method | AttributeTargets.Parameter, AllowMultiple = true)]
public abstract class RpcMetadataAttribute : Attribute;
