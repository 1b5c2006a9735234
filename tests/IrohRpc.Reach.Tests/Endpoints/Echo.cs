using System.Security.Cryptography;

namespace IrohRpc.Reach.Tests.Endpoints;

/// <summary>An accept loop that echoes streams, and a caller that checks the echo.</summary>
internal sealed class Echo : IAsyncDisposable
{
    public const string Alpn = "reach/1";

    private readonly PeerEndpoint _endpoint;
    private readonly Task _running;

    public Echo(PeerEndpoint endpoint)
    {
        _endpoint = endpoint;
        _running = RunAsync();
    }

    public static async Task CheckAsync(PeerConnection connection, int length)
    {
        byte[] data = RandomNumberGenerator.GetBytes(length);
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(TestContext.Current.CancellationToken);
        Task write = stream.WriteAsync(data, completeWrites: true, TestContext.Current.CancellationToken).AsTask();
        byte[] hash = await SHA256.HashDataAsync(stream, TestContext.Current.CancellationToken).AsTask().Soon();
        await write.Soon();
        Assert.Equal(SHA256.HashData(data), hash);
    }

    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync();
        await _running.Soon();
    }

    private async Task RunAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _endpoint.AcceptAsync()));
            }
        }
        catch (ObjectDisposedException)
        {
            await Task.WhenAll(serving);
        }
    }

    private static async Task ServeAsync(PeerConnection connection)
    {
        await using PeerConnection owned = connection;
        var streams = new List<Task>();
        try
        {
            while (true)
            {
                streams.Add(AnswerAsync(await connection.AcceptBidirectionalStreamAsync()));
            }
        }
        catch (PeerException)
        {
            // The caller has gone.
        }

        await Task.WhenAll(streams);
    }

    private static async Task AnswerAsync(PeerStream accepted)
    {
        await using PeerStream stream = accepted;
        try
        {
            await stream.CopyToAsync(stream);
            stream.CompleteWrites();
            await stream.WritesClosed;
        }
        catch (PeerException)
        {
            // The caller wants no more.
        }
    }
}
