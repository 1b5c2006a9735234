using System.Buffers.Binary;

namespace IrohRpc.Hostile;

/// <summary>Makes malformed payloads out of right ones.</summary>
internal static class Mutation
{
    private static readonly int[] Numbers =
    [
        int.MinValue, int.MinValue + 1, int.MinValue + 2, int.MinValue + 3, int.MinValue + 4, -2_000_000_000, -65536, -1000, -100, -8, -3, -2, -1, 0, 1, 2, 3, 4, 8, 100,
        255, 256, 30000, 32768, 46341, 65535, 65536, 1 << 20, 1 << 24, 0x10000000, 0x20000000, 0x3FFFFFFF, 0x40000000, 0x7FFFFFF0, int.MaxValue - 1, int.MaxValue,
    ];

    private static readonly byte[] Bytes = [0, 1, 2, 3, 4, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 248, 249, 250, 251, 252, 253, 254, 255];

    /// <summary>A payload with one to four faults.</summary>
    public static byte[] Of(byte[] payload, byte[] other, Random random)
    {
        byte[] bytes = payload;
        for (int i = 1 + random.Next(random.Next(4) + 1); i > 0; i--)
        {
            bytes = Mutate(bytes, other, random);
        }

        return bytes;
    }

    private static byte[] Mutate(byte[] payload, byte[] other, Random random)
    {
        byte[] bytes = [.. payload];
        int at = bytes.Length == 0 ? 0 : random.Next(bytes.Length);
        switch (random.Next(9))
        {
            case 0 when bytes.Length > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1 when bytes.Length > 0:
                bytes[at] = Bytes[random.Next(Bytes.Length)];
                return bytes;
            case 2 or 3 when bytes.Length >= 4:
                at = random.Next(bytes.Length - 3);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), Numbers[random.Next(Numbers.Length)]);
                return bytes;
            case 4 when bytes.Length >= 4:
                at = random.Next(bytes.Length - 3);
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)) + random.Next(-3, 4));
                return bytes;
            case 5:
                return bytes[..at];
            case 6:
                byte[] more = new byte[1 + random.Next(8)];
                random.NextBytes(more);
                return [.. bytes[..at], .. more, .. bytes[at..]];
            case 7:
                return [.. bytes[..at], .. other.AsSpan(other.Length == 0 ? 0 : random.Next(other.Length))];
            case 8 when bytes.Length > 0:
                int end = at + random.Next(Math.Min(8, bytes.Length - at) + 1);
                return [.. bytes[..at], .. bytes[end..]];
            default:
                return [.. bytes, 255];
        }
    }
}
