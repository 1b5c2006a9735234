namespace IrohRpc.Benchmarks.Systems.Grpc;

/// <summary>A block as gRPC carries it.</summary>
internal static class GrpcMessages
{
    public static BlockMessage ToMessage(Block block)
        => new() { A = block.A, B = block.B, C = block.C, D = block.D, E = block.E, F = block.F, G = block.G, H = block.H };

    public static Block ToBlock(BlockMessage message)
        => new(message.A, message.B, message.C, message.D, message.E, message.F, message.G, message.H);
}
