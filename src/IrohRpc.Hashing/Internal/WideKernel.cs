using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IrohRpc.Hashing.Internal;

/// <summary>Compresses as many inputs of equal length at once as a vector has lanes: lane by lane the same steps as <see cref="Compression"/>.</summary>
internal static class WideKernel
{
    /// <summary>Hashes one input per lane.</summary>
    /// <param name="input">The first byte of the first input; the others follow at <paramref name="stride"/>.</param>
    /// <param name="stride">From one input to the next, and the length of an input, in bytes: a multiple of a block's 64.</param>
    /// <param name="counter">The counter of the first input.</param>
    /// <param name="counterStep">What each input adds to the counter: 1 for chunks, 0 for parents.</param>
    /// <param name="flags">The flags of every block.</param>
    /// <param name="firstFlags">The flags that the first block adds.</param>
    /// <param name="lastFlags">The flags that the last block adds.</param>
    /// <param name="output">Where the chaining values go, 32 bytes for each input.</param>
    [SkipLocalsInit]
    public static void Hash<TVector, TOperations>(
        ref byte input, int stride, ulong counter, uint counterStep, uint flags, uint firstFlags, uint lastFlags, Span<byte> output)
        where TVector : struct
        where TOperations : struct, ILaneOperations<TVector>
    {
        Unsafe.SkipInit(out Words16<TVector> words);
        Unsafe.SkipInit(out Words8<TVector> state);
        Span<TVector> h = state;
        for (int i = 0; i < 8; i++)
        {
            h[i] = TOperations.Broadcast(Blake3Constants.Iv[i]);
        }

        Counters<TVector, TOperations>(counter, counterStep, out TVector counterLow, out TVector counterHigh);
        ref TVector m = ref Unsafe.As<Words16<TVector>, TVector>(ref words);
        for (int block = 0; block < stride; block += Blake3Constants.BlockSize)
        {
            LoadWords<TVector, TOperations>(ref Unsafe.Add(ref input, block), stride, ref m);
            uint blockFlags = flags
                | (block == 0 ? firstFlags : 0)
                | (block == stride - Blake3Constants.BlockSize ? lastFlags : 0);
            TVector v0 = h[0];
            TVector v1 = h[1];
            TVector v2 = h[2];
            TVector v3 = h[3];
            TVector v4 = h[4];
            TVector v5 = h[5];
            TVector v6 = h[6];
            TVector v7 = h[7];
            TVector v8 = TOperations.Broadcast(Blake3Constants.Iv0);
            TVector v9 = TOperations.Broadcast(Blake3Constants.Iv1);
            TVector v10 = TOperations.Broadcast(Blake3Constants.Iv2);
            TVector v11 = TOperations.Broadcast(Blake3Constants.Iv3);
            TVector v12 = counterLow;
            TVector v13 = counterHigh;
            TVector v14 = TOperations.Broadcast(Blake3Constants.BlockSize);
            TVector v15 = TOperations.Broadcast(blockFlags);
            ref byte order = ref MemoryMarshal.GetReference(Blake3Constants.Schedule);
            for (int round = 0; round < 7; round++)
            {
                v0 = TOperations.Add(TOperations.Add(v0, v4), Word(ref m, ref order, 0));
                v1 = TOperations.Add(TOperations.Add(v1, v5), Word(ref m, ref order, 2));
                v2 = TOperations.Add(TOperations.Add(v2, v6), Word(ref m, ref order, 4));
                v3 = TOperations.Add(TOperations.Add(v3, v7), Word(ref m, ref order, 6));
                v12 = TOperations.RotateRight16(TOperations.Xor(v12, v0));
                v13 = TOperations.RotateRight16(TOperations.Xor(v13, v1));
                v14 = TOperations.RotateRight16(TOperations.Xor(v14, v2));
                v15 = TOperations.RotateRight16(TOperations.Xor(v15, v3));
                v8 = TOperations.Add(v8, v12);
                v9 = TOperations.Add(v9, v13);
                v10 = TOperations.Add(v10, v14);
                v11 = TOperations.Add(v11, v15);
                v4 = TOperations.RotateRight12(TOperations.Xor(v4, v8));
                v5 = TOperations.RotateRight12(TOperations.Xor(v5, v9));
                v6 = TOperations.RotateRight12(TOperations.Xor(v6, v10));
                v7 = TOperations.RotateRight12(TOperations.Xor(v7, v11));
                v0 = TOperations.Add(TOperations.Add(v0, v4), Word(ref m, ref order, 1));
                v1 = TOperations.Add(TOperations.Add(v1, v5), Word(ref m, ref order, 3));
                v2 = TOperations.Add(TOperations.Add(v2, v6), Word(ref m, ref order, 5));
                v3 = TOperations.Add(TOperations.Add(v3, v7), Word(ref m, ref order, 7));
                v12 = TOperations.RotateRight8(TOperations.Xor(v12, v0));
                v13 = TOperations.RotateRight8(TOperations.Xor(v13, v1));
                v14 = TOperations.RotateRight8(TOperations.Xor(v14, v2));
                v15 = TOperations.RotateRight8(TOperations.Xor(v15, v3));
                v8 = TOperations.Add(v8, v12);
                v9 = TOperations.Add(v9, v13);
                v10 = TOperations.Add(v10, v14);
                v11 = TOperations.Add(v11, v15);
                v4 = TOperations.RotateRight7(TOperations.Xor(v4, v8));
                v5 = TOperations.RotateRight7(TOperations.Xor(v5, v9));
                v6 = TOperations.RotateRight7(TOperations.Xor(v6, v10));
                v7 = TOperations.RotateRight7(TOperations.Xor(v7, v11));

                v0 = TOperations.Add(TOperations.Add(v0, v5), Word(ref m, ref order, 8));
                v1 = TOperations.Add(TOperations.Add(v1, v6), Word(ref m, ref order, 10));
                v2 = TOperations.Add(TOperations.Add(v2, v7), Word(ref m, ref order, 12));
                v3 = TOperations.Add(TOperations.Add(v3, v4), Word(ref m, ref order, 14));
                v15 = TOperations.RotateRight16(TOperations.Xor(v15, v0));
                v12 = TOperations.RotateRight16(TOperations.Xor(v12, v1));
                v13 = TOperations.RotateRight16(TOperations.Xor(v13, v2));
                v14 = TOperations.RotateRight16(TOperations.Xor(v14, v3));
                v10 = TOperations.Add(v10, v15);
                v11 = TOperations.Add(v11, v12);
                v8 = TOperations.Add(v8, v13);
                v9 = TOperations.Add(v9, v14);
                v5 = TOperations.RotateRight12(TOperations.Xor(v5, v10));
                v6 = TOperations.RotateRight12(TOperations.Xor(v6, v11));
                v7 = TOperations.RotateRight12(TOperations.Xor(v7, v8));
                v4 = TOperations.RotateRight12(TOperations.Xor(v4, v9));
                v0 = TOperations.Add(TOperations.Add(v0, v5), Word(ref m, ref order, 9));
                v1 = TOperations.Add(TOperations.Add(v1, v6), Word(ref m, ref order, 11));
                v2 = TOperations.Add(TOperations.Add(v2, v7), Word(ref m, ref order, 13));
                v3 = TOperations.Add(TOperations.Add(v3, v4), Word(ref m, ref order, 15));
                v15 = TOperations.RotateRight8(TOperations.Xor(v15, v0));
                v12 = TOperations.RotateRight8(TOperations.Xor(v12, v1));
                v13 = TOperations.RotateRight8(TOperations.Xor(v13, v2));
                v14 = TOperations.RotateRight8(TOperations.Xor(v14, v3));
                v10 = TOperations.Add(v10, v15);
                v11 = TOperations.Add(v11, v12);
                v8 = TOperations.Add(v8, v13);
                v9 = TOperations.Add(v9, v14);
                v5 = TOperations.RotateRight7(TOperations.Xor(v5, v10));
                v6 = TOperations.RotateRight7(TOperations.Xor(v6, v11));
                v7 = TOperations.RotateRight7(TOperations.Xor(v7, v8));
                v4 = TOperations.RotateRight7(TOperations.Xor(v4, v9));
                order = ref Unsafe.Add(ref order, 16);
            }

            h[0] = TOperations.Xor(v0, v8);
            h[1] = TOperations.Xor(v1, v9);
            h[2] = TOperations.Xor(v2, v10);
            h[3] = TOperations.Xor(v3, v11);
            h[4] = TOperations.Xor(v4, v12);
            h[5] = TOperations.Xor(v5, v13);
            h[6] = TOperations.Xor(v6, v14);
            h[7] = TOperations.Xor(v7, v15);
        }

        StoreChainingValues<TVector, TOperations>(h, output);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Word<TVector>(ref TVector words, ref byte order, int step)
        => Unsafe.Add(ref words, (nint)Unsafe.Add(ref order, step));

    private static void Counters<TVector, TOperations>(ulong counter, uint step, out TVector low, out TVector high)
        where TVector : struct
        where TOperations : struct, ILaneOperations<TVector>
    {
        Span<uint> lows = stackalloc uint[TOperations.Lanes];
        Span<uint> highs = stackalloc uint[TOperations.Lanes];
        for (int lane = 0; lane < lows.Length; lane++)
        {
            ulong value = counter + ((ulong)lane * step);
            lows[lane] = (uint)value;
            highs[lane] = (uint)(value >> 32);
        }

        low = TOperations.Load(ref MemoryMarshal.GetReference(lows));
        high = TOperations.Load(ref MemoryMarshal.GetReference(highs));
    }

    /// <summary>Word i of every input's block goes into vector i: 4 by 4 transpositions within each 128-bit part.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void LoadWords<TVector, TOperations>(ref byte input, nint stride, ref TVector words)
        where TVector : struct
        where TOperations : struct, ILaneOperations<TVector>
    {
        for (int word = 0; word < 16; word += 4)
        {
            ref byte at = ref Unsafe.Add(ref input, word * sizeof(uint));
            TVector a = TOperations.LoadParts(ref at, stride);
            TVector b = TOperations.LoadParts(ref Unsafe.Add(ref at, stride), stride);
            TVector c = TOperations.LoadParts(ref Unsafe.Add(ref at, 2 * stride), stride);
            TVector d = TOperations.LoadParts(ref Unsafe.Add(ref at, 3 * stride), stride);
            TVector lowAb = TOperations.UnpackLow32(a, b);
            TVector highAb = TOperations.UnpackHigh32(a, b);
            TVector lowCd = TOperations.UnpackLow32(c, d);
            TVector highCd = TOperations.UnpackHigh32(c, d);
            Unsafe.Add(ref words, word) = TOperations.UnpackLow64(lowAb, lowCd);
            Unsafe.Add(ref words, word + 1) = TOperations.UnpackHigh64(lowAb, lowCd);
            Unsafe.Add(ref words, word + 2) = TOperations.UnpackLow64(highAb, highCd);
            Unsafe.Add(ref words, word + 3) = TOperations.UnpackHigh64(highAb, highCd);
        }
    }

    private static void StoreChainingValues<TVector, TOperations>(ReadOnlySpan<TVector> h, Span<byte> output)
        where TVector : struct
        where TOperations : struct, ILaneOperations<TVector>
    {
        Span<uint> lanes = stackalloc uint[TOperations.Lanes];
        Span<uint> values = MemoryMarshal.Cast<byte, uint>(output);
        for (int word = 0; word < 8; word++)
        {
            TOperations.Store(h[word], ref MemoryMarshal.GetReference(lanes));
            for (int lane = 0; lane < lanes.Length; lane++)
            {
                values[(lane * 8) + word] = lanes[lane];
            }
        }
    }

    [InlineArray(16)]
    private struct Words16<T>
    {
        private T _first;
    }

    [InlineArray(8)]
    private struct Words8<T>
    {
        private T _first;
    }
}
