using IrohRpc;

namespace Tunnel;

/// <summary>
/// How a side leaves without cutting off last words: once its forwardings have ended it says goodbye, and the other side, which may still
/// be reading, closes the connection when it is done.
/// </summary>
internal static class Goodbye
{
    /// <summary>How long the side that leaves waits for the other to close.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    /// <summary>Says goodbye and waits for the peer to close; after <see cref="Limit"/> the caller closes.</summary>
    public static async Task SayAsync(PeerConnection connection)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit);
            await using PeerStream goodbye = await connection.OpenUnidirectionalStreamAsync(limit.Token);
            goodbye.CompleteWrites();
            await connection.Closed.WaitAsync(limit.Token);
        }
        catch (Exception exception) when (exception is PeerException or OperationCanceledException)
        {
            // The peer has gone already, or does not know how to part.
        }
    }

    /// <summary>Completes when the peer says goodbye or the connection ends.</summary>
    public static async Task HearAsync(PeerConnection connection)
    {
        try
        {
            await using PeerStream goodbye = await connection.AcceptUnidirectionalStreamAsync();
        }
        catch (PeerException)
        {
            // The connection ended.
        }
    }
}
