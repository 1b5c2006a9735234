using System.Text.Json;
using CsCheck;
using IrohRpc.Hashing.Internal;

namespace IrohRpc.Hashing.Tests;

public sealed class Blake3Tests
{
    public static TheoryData<int, string> OfficialVectors()
    {
        var data = new TheoryData<int, string>();
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "blake3.json")));
        foreach (JsonElement entry in cases.RootElement.EnumerateArray())
        {
            data.Add(entry.GetProperty("length").GetInt32(), entry.GetProperty("hash").GetString()!);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(OfficialVectors))]
    public void The_official_test_vectors_hold_with_every_number_of_lanes(int length, string expected)
    {
        byte[] data = [.. Enumerable.Range(0, length).Select(static i => (byte)(i % 251))];

        Assert.Equal(expected, Convert.ToHexStringLower(Blake3.Hash(data)));
        foreach (int lanes in (int[])[1, 4, 8, 16])
        {
            var hash = new byte[Blake3.HashSize];
            SubtreeHashing.Hash(data, 0, isRoot: true, lanes, hash);
            Assert.Equal(expected, Convert.ToHexStringLower(hash));
        }
    }

    [Fact]
    public void Any_length_has_the_hash_that_another_implementation_computes()
        => Gen.Select(Gen.Int[0, 400_000], Gen.Int).Sample(
            static (length, seed) =>
            {
                var data = new byte[length];
                new Random(seed).NextBytes(data);
                Assert.Equal(global::Blake3.Hasher.Hash(data).ToString(), Convert.ToHexStringLower(Blake3.Hash(data)));
            },
            iter: 300);

    [Fact]
    public void Lengths_around_the_widths_of_kernels_have_the_hash_that_another_implementation_computes()
    {
        var data = new byte[70 * Blake3.ChunkSize];
        new Random(1).NextBytes(data);
        for (int chunks = 0; chunks < 69; chunks++)
        {
            foreach (int more in (int[])[0, 1, 63, 64, 65, 1023])
            {
                ReadOnlySpan<byte> part = data.AsSpan(0, (chunks * Blake3.ChunkSize) + more);
                Assert.Equal(global::Blake3.Hasher.Hash(part).ToString(), Convert.ToHexStringLower(Blake3.Hash(part)));
            }
        }
    }

    [Fact]
    public void Subtrees_and_parents_put_together_give_the_hash_of_the_whole()
        => Gen.Select(Gen.Int[1025, 300_000], Gen.Int).Sample(
            static (length, seed) =>
            {
                var data = new byte[length];
                new Random(seed).NextBytes(data);
                Assert.Equal(Blake3.Hash(data), ByHand(data, 0, isRoot: true, new Random(seed)));
            },
            iter: 200);

    [Fact]
    public void A_counter_beyond_32_bits_counts_on_in_every_lane()
    {
        var data = new byte[16 * Blake3.ChunkSize];
        new Random(2).NextBytes(data);
        ulong first = uint.MaxValue - 15UL + 8;
        first -= first % 16;
        foreach (ulong start in (ulong[])[first, 1UL << 32, (1UL << 40) + 16])
        {
            var one = new byte[Blake3.HashSize];
            SubtreeHashing.Hash(data, start, isRoot: false, 1, one);
            foreach (int lanes in (int[])[4, 8, 16])
            {
                var many = new byte[Blake3.HashSize];
                SubtreeHashing.Hash(data, start, isRoot: false, lanes, many);
                Assert.Equal(one, many);
            }
        }
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Blake3.Hash([], new byte[31]));
        Assert.Throws<ArgumentException>(() => Blake3.HashParent(new byte[63], true, new byte[32]));
        Assert.Throws<ArgumentException>(() => Blake3.HashParent(new byte[64], true, new byte[31]));
    }

    // Splits at random depths: what is not split is hashed as one subtree.
    private static byte[] ByHand(ReadOnlySpan<byte> data, ulong firstChunk, bool isRoot, Random random)
    {
        var hash = new byte[Blake3.HashSize];
        if (data.Length <= Blake3.ChunkSize || (!isRoot && random.Next(4) == 0))
        {
            Blake3.HashSubtree(data, firstChunk, isRoot, hash);
            return hash;
        }

        int left = Blake3.ChunkSize;
        while (left * 2 < data.Length)
        {
            left *= 2;
        }

        byte[] pair =
        [
            .. ByHand(data[..left], firstChunk, false, random),
            .. ByHand(data[left..], firstChunk + (ulong)(left / Blake3.ChunkSize), false, random),
        ];
        Blake3.HashParent(pair, isRoot, hash);
        return hash;
    }
}
