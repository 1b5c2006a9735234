using MessagePack;

namespace IrohRpc.Benchmarks.Systems.MessagePackRpc;

/// <summary>A block as MessagePack carries it, by index and not by name.</summary>
[MessagePackObject]
public struct BlockValue
{
    [Key(0)]
    public ulong A { get; set; }

    [Key(1)]
    public ulong B { get; set; }

    [Key(2)]
    public ulong C { get; set; }

    [Key(3)]
    public ulong D { get; set; }

    [Key(4)]
    public ulong E { get; set; }

    [Key(5)]
    public ulong F { get; set; }

    [Key(6)]
    public ulong G { get; set; }

    [Key(7)]
    public ulong H { get; set; }

    public static BlockValue From(Block block)
        => new() { A = block.A, B = block.B, C = block.C, D = block.D, E = block.E, F = block.F, G = block.G, H = block.H };

    public readonly Block ToBlock() => new(A, B, C, D, E, F, G, H);
}
