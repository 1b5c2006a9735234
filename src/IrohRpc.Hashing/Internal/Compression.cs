using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IrohRpc.Hashing.Internal;

/// <summary>BLAKE3's compression function for one block (specification, section 2.2), and a whole chunk or parent by it.</summary>
internal static class Compression
{
    /// <summary>Hashes one chunk of 0 to 1,024 bytes into its chaining value.</summary>
    public static void HashChunk(ReadOnlySpan<byte> chunk, ulong counter, bool isRoot, Span<byte> output)
    {
        Debug.Assert(chunk.Length <= Blake3.ChunkSize, "A chunk has at most 1,024 bytes.");
        Span<uint> state = stackalloc uint[8];
        Blake3Constants.Iv.CopyTo(state);
        HashChunk(chunk, counter, isRoot ? Blake3Constants.Root : 0, 0, state);
        MemoryMarshal.AsBytes(state).CopyTo(output);
    }

    /// <summary>Hashes data of one chunk in another mode than the default.</summary>
    /// <param name="chunk">0 to 1,024 bytes.</param>
    /// <param name="mode">The flag of the mode.</param>
    /// <param name="state">Eight words: the key on the way in, the hash on the way out.</param>
    public static void HashRootChunk(ReadOnlySpan<byte> chunk, uint mode, Span<uint> state)
        => HashChunk(chunk, 0, Blake3Constants.Root, mode, state);

    private static void HashChunk(ReadOnlySpan<byte> chunk, ulong counter, uint lastFlags, uint mode, Span<uint> state)
    {
        uint flags = Blake3Constants.ChunkStart | mode;
        while (chunk.Length > Blake3Constants.BlockSize)
        {
            Compress(state, chunk[..Blake3Constants.BlockSize], Blake3Constants.BlockSize, counter, flags);
            chunk = chunk[Blake3Constants.BlockSize..];
            flags = mode;
        }

        Span<byte> last = stackalloc byte[Blake3Constants.BlockSize];
        last.Clear();
        chunk.CopyTo(last);
        Compress(state, last, (uint)chunk.Length, counter, flags | Blake3Constants.ChunkEnd | lastFlags);
    }

    /// <summary>Hashes two chaining values, 64 bytes, into that of their parent.</summary>
    public static void HashParent(ReadOnlySpan<byte> children, bool isRoot, Span<byte> output)
    {
        Span<uint> state = stackalloc uint[8];
        Blake3Constants.Iv.CopyTo(state);
        Compress(state, children, Blake3Constants.BlockSize, 0, Blake3Constants.Parent | (isRoot ? Blake3Constants.Root : 0));
        MemoryMarshal.AsBytes(state).CopyTo(output);
    }

    private static void Compress(Span<uint> state, ReadOnlySpan<byte> block, uint length, ulong counter, uint flags)
    {
        ref uint m = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, uint>(block[..Blake3Constants.BlockSize]));
        uint v0 = state[0], v1 = state[1], v2 = state[2], v3 = state[3], v4 = state[4], v5 = state[5], v6 = state[6], v7 = state[7];
        uint v8 = Blake3Constants.Iv0, v9 = Blake3Constants.Iv1, v10 = Blake3Constants.Iv2, v11 = Blake3Constants.Iv3;
        uint v12 = (uint)counter, v13 = (uint)(counter >> 32), v14 = length, v15 = flags;
        ref byte order = ref MemoryMarshal.GetReference(Blake3Constants.Schedule);
        for (int round = 0; round < 7; round++)
        {
            v0 += v4 + Word(ref m, ref order, 0);
            v12 = BitOperations.RotateRight(v12 ^ v0, 16);
            v8 += v12;
            v4 = BitOperations.RotateRight(v4 ^ v8, 12);
            v0 += v4 + Word(ref m, ref order, 1);
            v12 = BitOperations.RotateRight(v12 ^ v0, 8);
            v8 += v12;
            v4 = BitOperations.RotateRight(v4 ^ v8, 7);

            v1 += v5 + Word(ref m, ref order, 2);
            v13 = BitOperations.RotateRight(v13 ^ v1, 16);
            v9 += v13;
            v5 = BitOperations.RotateRight(v5 ^ v9, 12);
            v1 += v5 + Word(ref m, ref order, 3);
            v13 = BitOperations.RotateRight(v13 ^ v1, 8);
            v9 += v13;
            v5 = BitOperations.RotateRight(v5 ^ v9, 7);

            v2 += v6 + Word(ref m, ref order, 4);
            v14 = BitOperations.RotateRight(v14 ^ v2, 16);
            v10 += v14;
            v6 = BitOperations.RotateRight(v6 ^ v10, 12);
            v2 += v6 + Word(ref m, ref order, 5);
            v14 = BitOperations.RotateRight(v14 ^ v2, 8);
            v10 += v14;
            v6 = BitOperations.RotateRight(v6 ^ v10, 7);

            v3 += v7 + Word(ref m, ref order, 6);
            v15 = BitOperations.RotateRight(v15 ^ v3, 16);
            v11 += v15;
            v7 = BitOperations.RotateRight(v7 ^ v11, 12);
            v3 += v7 + Word(ref m, ref order, 7);
            v15 = BitOperations.RotateRight(v15 ^ v3, 8);
            v11 += v15;
            v7 = BitOperations.RotateRight(v7 ^ v11, 7);

            v0 += v5 + Word(ref m, ref order, 8);
            v15 = BitOperations.RotateRight(v15 ^ v0, 16);
            v10 += v15;
            v5 = BitOperations.RotateRight(v5 ^ v10, 12);
            v0 += v5 + Word(ref m, ref order, 9);
            v15 = BitOperations.RotateRight(v15 ^ v0, 8);
            v10 += v15;
            v5 = BitOperations.RotateRight(v5 ^ v10, 7);

            v1 += v6 + Word(ref m, ref order, 10);
            v12 = BitOperations.RotateRight(v12 ^ v1, 16);
            v11 += v12;
            v6 = BitOperations.RotateRight(v6 ^ v11, 12);
            v1 += v6 + Word(ref m, ref order, 11);
            v12 = BitOperations.RotateRight(v12 ^ v1, 8);
            v11 += v12;
            v6 = BitOperations.RotateRight(v6 ^ v11, 7);

            v2 += v7 + Word(ref m, ref order, 12);
            v13 = BitOperations.RotateRight(v13 ^ v2, 16);
            v8 += v13;
            v7 = BitOperations.RotateRight(v7 ^ v8, 12);
            v2 += v7 + Word(ref m, ref order, 13);
            v13 = BitOperations.RotateRight(v13 ^ v2, 8);
            v8 += v13;
            v7 = BitOperations.RotateRight(v7 ^ v8, 7);

            v3 += v4 + Word(ref m, ref order, 14);
            v14 = BitOperations.RotateRight(v14 ^ v3, 16);
            v9 += v14;
            v4 = BitOperations.RotateRight(v4 ^ v9, 12);
            v3 += v4 + Word(ref m, ref order, 15);
            v14 = BitOperations.RotateRight(v14 ^ v3, 8);
            v9 += v14;
            v4 = BitOperations.RotateRight(v4 ^ v9, 7);
            order = ref Unsafe.Add(ref order, 16);
        }

        state[0] = v0 ^ v8;
        state[1] = v1 ^ v9;
        state[2] = v2 ^ v10;
        state[3] = v3 ^ v11;
        state[4] = v4 ^ v12;
        state[5] = v5 ^ v13;
        state[6] = v6 ^ v14;
        state[7] = v7 ^ v15;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ref uint words, ref byte order, int step) => Unsafe.Add(ref words, (nint)Unsafe.Add(ref order, step));
}
