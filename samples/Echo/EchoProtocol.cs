using System.Text;
using IrohRpc;

namespace Echo;

/// <summary>A whole protocol: its name, its answering side and its calling side.</summary>
internal static class EchoProtocol
{
    public const string Alpn = "echo/1";

    /// <summary>Answers one connection: what comes in on its stream goes back out.</summary>
    public static async ValueTask AnswerAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        await using PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellationToken);
        await stream.CopyToAsync(stream, cancellationToken);
        stream.CompleteWrites();

        // Returning closes the connection, and the echo may still be on its way: the caller closes once it has read it.
        await connection.Closed.WaitAsync(cancellationToken);
    }

    /// <summary>Sends a line over an open connection and returns what came back.</summary>
    public static async Task<string> CallAsync(PeerConnection connection, string text)
    {
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text), completeWrites: true);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
