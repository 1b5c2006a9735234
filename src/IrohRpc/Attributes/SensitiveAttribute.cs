namespace IrohRpc;

/// <summary>Keeps an argument out of logs; on a method all of its arguments and its result, on a contract those of all methods.</summary>
public sealed class SensitiveAttribute : RpcMetadataAttribute;
