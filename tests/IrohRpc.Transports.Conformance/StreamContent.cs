using System.Security.Cryptography;

namespace IrohRpc.Transports.Conformance;

/// <summary>Reading and writing whole contents.</summary>
public static class StreamContent
{
    public static async Task<byte[]> ReadToEndAsync(this PeerStream stream)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[32 * 1024];
        int count;
        while ((count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken).Bounded()) > 0)
        {
            all.Write(buffer, 0, count);
        }

        return all.ToArray();
    }

    /// <summary>Reads until the stream fails, and says how.</summary>
    public static async Task<PeerException> ReadToFailureAsync(this PeerStream stream)
    {
        PeerException? failure = null;
        try
        {
            byte[] bytes = await stream.ReadToEndAsync();
            Assert.Fail($"The stream ended after {bytes.Length} bytes as if all were well.");
        }
        catch (PeerException exception)
        {
            failure = exception;
        }

        return failure;
    }

    /// <summary>Writes until the stream fails, and says how. Somebody has to read, or the writer may be stuck.</summary>
    public static async Task<PeerException> WriteToFailureAsync(this PeerStream stream)
    {
        byte[] chunk = new byte[1024];
        while (true)
        {
            try
            {
                await stream.WriteAsync(chunk, TestContext.Current.CancellationToken).Bounded();
            }
            catch (PeerException exception)
            {
                return exception;
            }
        }
    }

    /// <summary>Writes random bytes piece by piece, completes, and says their hash.</summary>
    public static async Task<string> WriteRandomAsync(this PeerStream stream, int seed, long total)
    {
        var random = new Random(seed);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[64 * 1024];
        while (total > 0)
        {
            random.NextBytes(chunk);
            ReadOnlyMemory<byte> part = chunk.AsMemory(0, (int)Math.Min(total, chunk.Length));
            hash.AppendData(part.Span);
            total -= part.Length;
            await stream.WriteAsync(part, completeWrites: total == 0, TestContext.Current.CancellationToken);
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    /// <summary>Writes random bytes in one go, completes, and says their hash.</summary>
    public static async Task<string> WriteRandomWholeAsync(this PeerStream stream, int seed, int total)
    {
        byte[] bytes = new byte[total];
        new Random(seed).NextBytes(bytes);
        await stream.WriteAsync(bytes, completeWrites: true, TestContext.Current.CancellationToken);
        return Convert.ToHexString(SHA256.HashData(bytes));
    }

    /// <summary>Reads to the end and says the hash and the length.</summary>
    public static async Task<(string Hash, long Length)> ReadHashAsync(this PeerStream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        int count;
        while ((count = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, count);
            total += count;
        }

        return (Convert.ToHexString(hash.GetHashAndReset()), total);
    }
}
