namespace IrohRpc.Payloads;

/// <summary>What is to be written goes on beyond the largest message.</summary>
internal sealed class PayloadTooLargeException(int limit) : IOException($"a collection goes on beyond the limit of {limit} bytes");
