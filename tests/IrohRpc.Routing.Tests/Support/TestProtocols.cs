using System.Text;

namespace IrohRpc.Tests.Support;

/// <summary>Small protocols for tests, with their callers.</summary>
internal static class TestProtocols
{
    /// <summary>Answers each stream with what it brings, until the peer closes.</summary>
    public static async ValueTask EchoAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        while (true)
        {
            await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellationToken);
            await stream.CopyToAsync(stream, cancellationToken);
            stream.CompleteWrites();
        }
    }

    /// <summary>Says a word on a stream of its own and waits for the peer to close.</summary>
    public static Func<PeerConnection, CancellationToken, ValueTask> Says(string word) => async (connection, cancellationToken) =>
    {
        await using PeerStream stream = await connection.OpenUnidirectionalStreamAsync(cancellationToken);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(word), completeWrites: true, cancellationToken);
        await connection.Closed.WaitAsync(cancellationToken);
    };

    public static async Task<string> CallEchoAsync(PeerConnection connection, string text, CancellationToken cancellationToken)
    {
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(cancellationToken);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), completeWrites: true, cancellationToken);
        return await ReadAsync(stream, cancellationToken);
    }

    public static async Task<string> HearAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        await using PeerStream stream = await connection.AcceptUnidirectionalStreamAsync(cancellationToken);
        return await ReadAsync(stream, cancellationToken);
    }

    private static async Task<string> ReadAsync(PeerStream stream, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(stream, leaveOpen: true);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
