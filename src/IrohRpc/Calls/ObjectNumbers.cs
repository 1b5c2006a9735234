using System.Security.Cryptography;

namespace IrohRpc.Calls;

/// <summary>
/// The numbers of objects that are passed: unique in the process, and in no order that a peer could read from them how many objects others are passed.
/// </summary>
internal static class ObjectNumbers
{
    // Numbers of this many bits take four bytes on the wire.
    private const int Bits = 30;
    private const int Half = Bits / 2;
    private const long Mask = (1L << Half) - 1;

    private static readonly uint[] Keys = [NextKey(), NextKey(), NextKey(), NextKey()];
    private static long _last;

    /// <summary>A number that no other object of the process has, from one on.</summary>
    public static long Next()
    {
        long count = Interlocked.Increment(ref _last);
        long block = count >> Bits;
        return (block << Bits) + Permute(count & ((1L << Bits) - 1)) + 1;
    }

    // A Feistel network is a permutation whatever its round function: different counts have different numbers.
    private static long Permute(long count)
    {
        long left = count >> Half;
        long right = count & Mask;
        foreach (uint key in Keys)
        {
            (left, right) = (right, left ^ Mix((uint)right, key));
        }

        return (left << Half) | right;
    }

    private static long Mix(uint value, uint key)
    {
        uint mixed = (value ^ key) * 0x9E37_79B1;
        mixed = (mixed ^ (mixed >> 15)) * 0x85EB_CA77;
        return (mixed >> 13) & Mask;
    }

    private static uint NextKey() => BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint)));
}
