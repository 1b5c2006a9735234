using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IrohRpc.Hashing.Internal;

/// <summary>Eight chunks at once, on AVX2.</summary>
internal readonly struct EightLanes : ILaneOperations<Vector256<uint>>
{
    public static int Lanes => 8;

    public static Vector256<uint> Broadcast(uint value) => Vector256.Create(value);

    public static Vector256<uint> Load(ref uint source) => Vector256.LoadUnsafe(ref source);

    public static void Store(Vector256<uint> value, ref uint destination) => value.StoreUnsafe(ref destination);

    public static Vector256<uint> Add(Vector256<uint> left, Vector256<uint> right) => left + right;

    public static Vector256<uint> Xor(Vector256<uint> left, Vector256<uint> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateRight16(Vector256<uint> value) => Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateRight(value, 16)
        : Avx2.Shuffle(
            value.AsByte(),
            Vector256.Create(
                (byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13,
                2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateRight12(Vector256<uint> value) => Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateRight(value, 12)
        : Vector256.ShiftRightLogical(value, 12) | Vector256.ShiftLeft(value, 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateRight8(Vector256<uint> value) => Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateRight(value, 8)
        : Avx2.Shuffle(
            value.AsByte(),
            Vector256.Create(
                (byte)1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12,
                1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> RotateRight7(Vector256<uint> value) => Avx512F.VL.IsSupported
        ? Avx512F.VL.RotateRight(value, 7)
        : Vector256.ShiftRightLogical(value, 7) | Vector256.ShiftLeft(value, 25);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> LoadParts(ref byte source, nint stride)
        => Vector256.Create(Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 0 * stride)).AsUInt32(), Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 4 * stride)).AsUInt32());

    public static Vector256<uint> UnpackLow32(Vector256<uint> left, Vector256<uint> right) => Avx2.UnpackLow(left, right);

    public static Vector256<uint> UnpackHigh32(Vector256<uint> left, Vector256<uint> right) => Avx2.UnpackHigh(left, right);

    public static Vector256<uint> UnpackLow64(Vector256<uint> left, Vector256<uint> right)
        => Avx2.UnpackLow(left.AsUInt64(), right.AsUInt64()).AsUInt32();

    public static Vector256<uint> UnpackHigh64(Vector256<uint> left, Vector256<uint> right)
        => Avx2.UnpackHigh(left.AsUInt64(), right.AsUInt64()).AsUInt32();
}
