using System.Runtime.InteropServices;

namespace IrohRpc.Benchmarks.Systems;

/// <summary>Eight numbers of eight bytes: what 64 bytes are that an application means something by. Each system carries them its own way.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Block(ulong A, ulong B, ulong C, ulong D, ulong E, ulong F, ulong G, ulong H)
{
    /// <summary>A block to tell from others.</summary>
    public static Block Of(ulong number) => new(number, number + 1, number + 2, number + 3, number + 4, number + 5, number + 6, number + 7);
}
