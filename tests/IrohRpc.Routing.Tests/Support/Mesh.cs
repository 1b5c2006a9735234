namespace IrohRpc.Tests.Support;

internal static class Mesh
{
    /// <summary>Every endpoint calls the echo of every other, all at once, and hears its own words.</summary>
    public static async Task CallEachFromEachAsync(IReadOnlyList<PeerEndpoint> endpoints, string alpn)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await Task.WhenAll(
            from caller in endpoints
            from called in endpoints
            where caller != called
            select CallAsync(caller, called)).WaitAsync(Peers.Bound, cancellation);

        async Task CallAsync(PeerEndpoint caller, PeerEndpoint called)
        {
            await using PeerConnection connection = await caller.DialAsync(called.Ticket, alpn, cancellation);
            Assert.Equal(called.Id, connection.PeerId);
            string words = $"{caller.Id} to {called.Id}";
            Assert.Equal(words, await TestProtocols.CallEchoAsync(connection, words, cancellation));
        }
    }
}
