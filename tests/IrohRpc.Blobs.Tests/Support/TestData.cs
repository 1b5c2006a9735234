using System.Text.Json;

namespace IrohRpc.Blobs.Tests.Support;

internal static class TestData
{
    /// <summary>What real iroh 0.35.0 sent.</summary>
    public static JsonElement Iroh035 { get; } = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", "iroh-035.json"))).RootElement;

    /// <summary>The sizes around everything that has an edge: chunks, groups, blocks, powers of two.</summary>
    public static int[] Sizes { get; } =
    [
        0, 1, 1023, 1024, 1025, 2048, 5000, 16 * 1024 - 1, 16 * 1024, 16 * 1024 + 1, 17 * 1024, 32 * 1024, 32 * 1024 + 1, 48 * 1024, 204_800,
        256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 300_000, 512 * 1024 + 5, 1_000_000,
    ];

    public static byte[] Vector() => [.. Enumerable.Range(0, 204_800).Select(static i => (byte)(i * 7))];

    public static byte[] Random(int size, int seed = 1)
    {
        var data = new byte[size];
        new Random(seed).NextBytes(data);
        return data;
    }
}
