using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace IrohRpc.Hashing.Internal;

/// <summary>Four chunks at once, on SSE4.1, NEON and whatever else has 128-bit vectors.</summary>
internal readonly struct FourLanes : ILaneOperations<Vector128<uint>>
{
    public static int Lanes => 4;

    public static Vector128<uint> Broadcast(uint value) => Vector128.Create(value);

    public static Vector128<uint> Load(ref uint source) => Vector128.LoadUnsafe(ref source);

    public static void Store(Vector128<uint> value, ref uint destination) => value.StoreUnsafe(ref destination);

    public static Vector128<uint> Add(Vector128<uint> left, Vector128<uint> right) => left + right;

    public static Vector128<uint> Xor(Vector128<uint> left, Vector128<uint> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateRight16(Vector128<uint> value) => Vector128.Shuffle(
        value.AsByte(), Vector128.Create((byte)2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateRight12(Vector128<uint> value) => Vector128.ShiftRightLogical(value, 12) | Vector128.ShiftLeft(value, 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateRight8(Vector128<uint> value) => Vector128.Shuffle(
        value.AsByte(), Vector128.Create((byte)1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> RotateRight7(Vector128<uint> value) => Vector128.ShiftRightLogical(value, 7) | Vector128.ShiftLeft(value, 25);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> LoadParts(ref byte source, nint stride)
        => Vector128.LoadUnsafe(ref Unsafe.Add(ref source, 0 * stride)).AsUInt32();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> UnpackLow32(Vector128<uint> left, Vector128<uint> right)
        => Sse2.IsSupported ? Sse2.UnpackLow(left, right)
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
            : Vector128.Create(left[0], right[0], left[1], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> UnpackHigh32(Vector128<uint> left, Vector128<uint> right)
        => Sse2.IsSupported ? Sse2.UnpackHigh(left, right)
            : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
            : Vector128.Create(left[2], right[2], left[3], right[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> UnpackLow64(Vector128<uint> left, Vector128<uint> right)
        => Vector128.Create(left.GetLower(), right.GetLower());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> UnpackHigh64(Vector128<uint> left, Vector128<uint> right)
        => Vector128.Create(left.GetUpper(), right.GetUpper());
}
