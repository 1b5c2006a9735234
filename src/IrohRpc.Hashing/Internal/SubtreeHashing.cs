using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IrohRpc.Hashing.Internal;

/// <summary>
/// Hashes a subtree breadth first as far as vectors are wide: chunks side by side, then their parents side by side, so that inner nodes
/// are no slower than leaves.
/// </summary>
internal static class SubtreeHashing
{
    /// <summary>The most chaining values that a level hands to the one above it.</summary>
    private const int MaxDegree = 16;

    /// <summary>How many chunks this machine hashes at once.</summary>
    public static int HardwareLanes { get; } = !BitConverter.IsLittleEndian ? 1
        : Avx512F.IsSupported ? 16
        : Avx2.IsSupported ? 8
        : Vector128.IsHardwareAccelerated ? 4
        : 1;

    /// <summary>The chaining value of a subtree, or the hash where it is the whole tree.</summary>
    /// <param name="data">The bytes of the subtree. Where it isn't the last of its tree, a power of two of whole chunks.</param>
    /// <param name="firstChunk">The number of its first chunk.</param>
    /// <param name="isRoot">Whether the subtree is the whole tree.</param>
    /// <param name="lanes">The most lanes to use: 1, 4, 8 or 16.</param>
    /// <param name="output">Where the 32 bytes go.</param>
    [SkipLocalsInit]
    public static void Hash(ReadOnlySpan<byte> data, ulong firstChunk, bool isRoot, int lanes, Span<byte> output)
    {
        if (data.Length <= Blake3.ChunkSize)
        {
            Compression.HashChunk(data, firstChunk, isRoot, output);
            return;
        }

        Span<byte> values = stackalloc byte[MaxDegree * Blake3.HashSize];
        Span<byte> parents = stackalloc byte[MaxDegree / 2 * Blake3.HashSize];
        int count = HashWide(data, firstChunk, lanes, values);
        while (count > 2)
        {
            count = HashParents(values[..(count * Blake3.HashSize)], lanes, parents);
            parents[..(count * Blake3.HashSize)].CopyTo(values);
        }

        Compression.HashParent(values[..(2 * Blake3.HashSize)], isRoot, output);
    }

    [SkipLocalsInit]
    private static int HashWide(ReadOnlySpan<byte> data, ulong firstChunk, int lanes, Span<byte> output)
    {
        if (data.Length <= MaxDegree * Blake3.ChunkSize)
        {
            return HashChunks(data, firstChunk, lanes, output);
        }

        int chunks = (data.Length + Blake3.ChunkSize - 1) / Blake3.ChunkSize;
        int leftChunks = (int)(BitOperations.RoundUpToPowerOf2((uint)chunks) / 2);
        Span<byte> values = stackalloc byte[2 * MaxDegree * Blake3.HashSize];
        int left = HashWide(data[..(leftChunks * Blake3.ChunkSize)], firstChunk, lanes, values);
        int right = HashWide(data[(leftChunks * Blake3.ChunkSize)..], firstChunk + (uint)leftChunks, lanes, values[(left * Blake3.HashSize)..]);
        Debug.Assert(left == MaxDegree, "A left subtree is full, so that pairs of neighbours are children of one parent.");
        return HashParents(values[..((left + right) * Blake3.HashSize)], lanes, output);
    }

    private static int HashChunks(ReadOnlySpan<byte> data, ulong counter, int lanes, Span<byte> output)
    {
        int count = 0;
        int whole = data.Length / Blake3.ChunkSize;
        while (whole > 0)
        {
            int done = HashMany(
                data[..(whole * Blake3.ChunkSize)], Blake3.ChunkSize, counter, 1, 0, Blake3Constants.ChunkStart, Blake3Constants.ChunkEnd, lanes,
                output[(count * Blake3.HashSize)..]);
            if (done == 0)
            {
                Compression.HashChunk(data[..Blake3.ChunkSize], counter, isRoot: false, output[(count * Blake3.HashSize)..]);
                done = 1;
            }

            count += done;
            whole -= done;
            counter += (uint)done;
            data = data[(done * Blake3.ChunkSize)..];
        }

        if (!data.IsEmpty)
        {
            Compression.HashChunk(data, counter, isRoot: false, output[(count * Blake3.HashSize)..]);
            count++;
        }

        return count;
    }

    /// <summary>Each two values become their parent's; one without a partner is carried up.</summary>
    private static int HashParents(ReadOnlySpan<byte> values, int lanes, Span<byte> output)
    {
        const int pair = 2 * Blake3.HashSize;
        int count = 0;
        while (values.Length >= pair)
        {
            int done = HashMany(
                values[..(values.Length / pair * pair)], pair, 0, 0, Blake3Constants.Parent, 0, 0, lanes, output[(count * Blake3.HashSize)..]);
            if (done == 0)
            {
                Compression.HashParent(values[..pair], isRoot: false, output[(count * Blake3.HashSize)..]);
                done = 1;
            }

            count += done;
            values = values[(done * pair)..];
        }

        if (!values.IsEmpty)
        {
            values.CopyTo(output[(count * Blake3.HashSize)..]);
            count++;
        }

        return count;
    }

    /// <summary>Hashes as many of the inputs as the widest kernel that they fill takes.</summary>
    /// <returns>How many were hashed; 0 where there are too few for the narrowest.</returns>
    private static int HashMany(
        ReadOnlySpan<byte> inputs, int stride, ulong counter, uint step, uint flags, uint firstFlags, uint lastFlags, int lanes, Span<byte> output)
    {
        ref byte input = ref MemoryMarshal.GetReference(inputs);
        int count = inputs.Length / stride;
        if (Avx512F.IsSupported && lanes >= 16 && count >= 16)
        {
            WideKernel.Hash<Vector512<uint>, SixteenLanes>(
                ref input, stride, counter, step, flags, firstFlags, lastFlags, output[..(16 * Blake3.HashSize)]);
            return 16;
        }

        if (Avx2.IsSupported && lanes >= 8 && count >= 8)
        {
            WideKernel.Hash<Vector256<uint>, EightLanes>(
                ref input, stride, counter, step, flags, firstFlags, lastFlags, output[..(8 * Blake3.HashSize)]);
            return 8;
        }

        if (Vector128.IsHardwareAccelerated && lanes >= 4 && count >= 4)
        {
            WideKernel.Hash<Vector128<uint>, FourLanes>(
                ref input, stride, counter, step, flags, firstFlags, lastFlags, output[..(4 * Blake3.HashSize)]);
            return 4;
        }

        return 0;
    }
}
