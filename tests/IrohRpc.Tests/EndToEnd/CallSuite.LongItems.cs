namespace IrohRpc.Tests;

// Items that are longer than any buffer is to begin with.
public abstract partial class CallSuite
{
    /// <summary>The later ones of a length that has been seen are read straight into the arrays that they are, the others by way of a buffer.</summary>
    [Fact]
    public async Task Long_arrays_stream_both_ways_as_they_were_sent()
    {
        int[] lengths = [1, 40_000, 300_000, 300_000, 0, 299_999, 16_380, 70_000, 300_001, 5, 1_000_000, 999_000, 131_072];
        await using RpcPair pair = await RpcPair.StartAsync(Transport);
        byte[]?[] sent = [.. lengths.Select(MakeArray), null, MakeArray(200_000)];
        List<byte[]?> received = await pair.Proxy.RepeatAsync(sent.ToAsyncEnumerable(), Token).ToListAsync(Token).AsTask().WaitAsync(RpcPair.Bound, Token);
        Assert.Equal(sent, received);
    }

    private static byte[] MakeArray(int length)
    {
        byte[] array = new byte[length];
        new Random(length).NextBytes(array);
        return array;
    }
}
