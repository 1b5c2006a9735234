using IrohRpc.Wire;

namespace IrohRpc.Tests;

/// <summary>A frame whose length is less than its own head ends its stream, and keeps no thread.</summary>
public sealed class BrokenHeadTests
{
    /// <summary>A frame of an unknown type is skipped; of this one nothing can be, and who tries again and again never ends.</summary>
    [Theory]
    [InlineData(EachTransport.Memory)]
    [InlineData("tls")]
    public async Task Unknown_frame_shorter_than_its_type_resets_a_call_stream(string transport)
    {
        await using RpcPair pair = await RpcPair.StartAsync(EachTransport.Find(transport));
        await using PeerStream stream = await pair.Dialled.OpenBidirectionalStreamAsync(TestContext.Current.CancellationToken);
        await stream.WriteAsync((byte[])[WireFormat.Version, (byte)StreamKind.Call, 0x00, 0xd0, 0, 0, 0, 0, 0, 0, 0, 2], completeWrites: true, TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<PeerException>(() => stream.ReadAsync(new byte[16], TestContext.Current.CancellationToken).Soon());
        Assert.Equal(PeerErrorKind.StreamAborted, error.Kind);
        Assert.Equal("Hello, next", await pair.Proxy.HelloAsync("next", TestContext.Current.CancellationToken).Soon());
    }
}
