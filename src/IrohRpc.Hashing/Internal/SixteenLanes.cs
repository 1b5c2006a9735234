using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IrohRpc.Hashing.Internal;

/// <summary>Sixteen chunks at once, on AVX-512, which rotates in one instruction.</summary>
internal readonly struct SixteenLanes : ILaneOperations<Vector512<uint>>
{
    public static int Lanes => 16;

    public static Vector512<uint> Broadcast(uint value) => Vector512.Create(value);

    public static Vector512<uint> Load(ref uint source) => Vector512.LoadUnsafe(ref source);

    public static void Store(Vector512<uint> value, ref uint destination) => value.StoreUnsafe(ref destination);

    public static Vector512<uint> Add(Vector512<uint> left, Vector512<uint> right) => left + right;

    public static Vector512<uint> Xor(Vector512<uint> left, Vector512<uint> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateRight16(Vector512<uint> value) => Avx512F.RotateRight(value, 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateRight12(Vector512<uint> value) => Avx512F.RotateRight(value, 12);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateRight8(Vector512<uint> value) => Avx512F.RotateRight(value, 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> RotateRight7(Vector512<uint> value) => Avx512F.RotateRight(value, 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<uint> LoadParts(ref byte source, nint stride)
        => Vector512.Create(
            Vector256.Create(Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 0 * stride)).AsUInt32(), Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 4 * stride)).AsUInt32()),
            Vector256.Create(Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 8 * stride)).AsUInt32(), Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 12 * stride)).AsUInt32()));

    public static Vector512<uint> UnpackLow32(Vector512<uint> left, Vector512<uint> right) => Avx512F.UnpackLow(left, right);

    public static Vector512<uint> UnpackHigh32(Vector512<uint> left, Vector512<uint> right) => Avx512F.UnpackHigh(left, right);

    public static Vector512<uint> UnpackLow64(Vector512<uint> left, Vector512<uint> right)
        => Avx512F.UnpackLow(left.AsUInt64(), right.AsUInt64()).AsUInt32();

    public static Vector512<uint> UnpackHigh64(Vector512<uint> left, Vector512<uint> right)
        => Avx512F.UnpackHigh(left.AsUInt64(), right.AsUInt64()).AsUInt32();
}
