using IrohRpc.Hashing;

namespace IrohRpc.Blobs.Tests.Support;

/// <summary>The wire form by the book: one recursion over single chunks, as slow as it is plain.</summary>
internal static class ReferenceEncoding
{
    public static byte[] Encode(byte[] data, ChunkRanges ranges)
    {
        ulong chunks = Math.Max(1, ((ulong)data.Length + 1023) / 1024);
        var selected = new HashSet<ulong>();
        for (ulong chunk = 0; chunk < chunks; chunk++)
        {
            if (ranges.Contains(chunk))
            {
                selected.Add(chunk);
            }
        }

        // Whatever is asked for beyond the end means the last chunk.
        if (ranges.Boundaries.Length % 2 == 1 || ranges.Boundaries.Any(boundary => boundary > chunks))
        {
            selected.Add(chunks - 1);
        }

        var output = new List<byte>(BitConverter.GetBytes((long)data.Length));
        Encode(data, 0, isRoot: true, selected, output);
        return [.. output];
    }

    private static byte[] Encode(ReadOnlySpan<byte> data, ulong first, bool isRoot, HashSet<ulong> selected, List<byte> output)
    {
        ulong chunks = Math.Max(1, ((ulong)data.Length + 1023) / 1024);
        int wanted = 0;
        for (ulong chunk = 0; chunk < chunks; chunk++)
        {
            wanted += selected.Contains(first + chunk) ? 1 : 0;
        }

        var value = new byte[Blake3.HashSize];
        if (wanted == 0 || chunks == 1 || (wanted == (int)chunks && chunks <= 16))
        {
            Blake3.HashSubtree(data, first, isRoot, value);
            if (wanted > 0)
            {
                output.AddRange(data);
            }

            return value;
        }

        ulong left = 1;
        while (left * 2 < chunks)
        {
            left *= 2;
        }

        int at = output.Count;
        output.AddRange(new byte[64]);
        byte[] pair =
        [
            .. Encode(data[..(int)(left * 1024)], first, false, selected, output),
            .. Encode(data[(int)(left * 1024)..], first + left, false, selected, output),
        ];
        for (int i = 0; i < 64; i++)
        {
            output[at + i] = pair[i];
        }

        Blake3.HashParent(pair, isRoot, value);
        return value;
    }
}
