namespace IrohRpc;

/// <summary>Lets every peer call: a contract where others are denied by default, or a method of a contract that bears <see cref="AuthorizePeersAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Interface | AttributeTargets.Method)]
public sealed class AllowAnyPeerAttribute : RpcMetadataAttribute;
