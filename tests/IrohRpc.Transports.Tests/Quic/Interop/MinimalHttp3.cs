using System.Buffers;
using System.Text;
using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Transports.Tests.Quic.Interop;

/// <summary>As much of HTTP/3 (RFC 9114) as the tools of other QUIC implementations need to send and receive bytes.</summary>
internal static class MinimalHttp3
{
    public const string Alpn = "h3";

    private const byte Data = 0x00;
    private const byte Headers = 0x01;

    // A control stream's type and a SETTINGS frame without settings.
    private static readonly byte[] Control = [0x00, 0x04, 0x00];

    // :status 200 from QPACK's static table.
    private static readonly byte[] Ok = [Headers, 0x03, 0x00, 0x00, 0xd9];

    /// <summary>The bytes that both sides expect.</summary>
    public static byte[] Body(int length)
    {
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++)
        {
            body[i] = (byte)((i * 31) ^ (i >> 9));
        }

        return body;
    }

    /// <summary>Answers every request with <paramref name="body"/> until the connection ends.</summary>
    /// <returns>How many requests there were, and how many bytes they had.</returns>
    public static async Task<(int Requests, long Bytes)> ServeAsync(PeerConnection connection, byte[] body, CancellationToken cancellationToken)
    {
        await using PeerStream control = await connection.OpenUnidirectionalStreamAsync(cancellationToken);
        await control.WriteAsync(Control, completeWrites: false, cancellationToken);
        Task ignoring = IgnoreStreamsAsync(connection, cancellationToken);
        List<Task<long>> answers = [];
        try
        {
            while (true)
            {
                answers.Add(AnswerAsync(await connection.AcceptBidirectionalStreamAsync(cancellationToken), body, cancellationToken));
            }
        }
        catch (PeerException)
        {
        }

        await ignoring;
        long[] bytes = await Task.WhenAll(answers);
        return (bytes.Length, bytes.Sum());
    }

    /// <summary>Fetches a resource.</summary>
    public static async Task<byte[]> GetAsync(PeerConnection connection, string path, CancellationToken cancellationToken)
    {
        await using PeerStream stream = await connection.OpenBidirectionalStreamAsync(cancellationToken);

        // GET and https from the static table; the authority and the path are literals with a name from it.
        byte[] fields = [0x00, 0x00, 0xd1, 0xd7, 0x50, .. Literal("localhost"), 0x51, .. Literal(path)];
        await stream.WriteAsync(new byte[] { Headers, (byte)fields.Length }.Concat(fields).ToArray(), completeWrites: true, cancellationToken);
        using var received = new MemoryStream();
        await stream.CopyToAsync(received, cancellationToken);
        return DataOf(received.ToArray());
    }

    /// <summary>Opens the control stream that a peer waits for.</summary>
    public static async Task<PeerStream> OpenControlAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        PeerStream control = await connection.OpenUnidirectionalStreamAsync(cancellationToken);
        await control.WriteAsync(Control, completeWrites: false, cancellationToken);
        return control;
    }

    /// <summary>Reads and forgets all unidirectional streams.</summary>
    public static async Task IgnoreStreamsAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        List<Task> ignored = [];
        try
        {
            while (true)
            {
                ignored.Add(IgnoreAsync(await connection.AcceptUnidirectionalStreamAsync(cancellationToken), cancellationToken));
            }
        }
        catch (PeerException)
        {
        }

        await Task.WhenAll(ignored);
    }

    private static byte[] Literal(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];

    private static async Task<long> AnswerAsync(PeerStream stream, byte[] body, CancellationToken cancellationToken)
    {
        await using (stream)
        {
            long read = await IgnoreAsync(stream, cancellationToken);
            byte[] head = new byte[Ok.Length + 1 + VariableLengthInteger.MaxLength];
            Ok.CopyTo(head, 0);
            head[Ok.Length] = Data;
            int length = Ok.Length + 1 + VariableLengthInteger.Write(head.AsSpan(Ok.Length + 1), body.Length);
            try
            {
                await stream.WriteAsync(head.AsMemory(0, length), completeWrites: false, cancellationToken);
                await stream.WriteAsync(body, completeWrites: true, cancellationToken);
                await stream.WritesClosed;
            }
            catch (PeerException)
            {
                // The client is content, or gone.
            }

            return read;
        }
    }

    private static async Task<long> IgnoreAsync(PeerStream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        long total = 0;
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                total += count;
            }
        }
        catch (PeerException)
        {
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return total;
    }

    private static byte[] DataOf(ReadOnlySpan<byte> response)
    {
        var data = new MemoryStream();
        while (!response.IsEmpty)
        {
            int typeLength = VariableLengthInteger.TryRead(response, out long type);
            int lengthLength = VariableLengthInteger.TryRead(response[typeLength..], out long length);
            ReadOnlySpan<byte> payload = response.Slice(typeLength + lengthLength, (int)length);
            response = response[(typeLength + lengthLength + (int)length)..];
            if (type == Data)
            {
                data.Write(payload);
            }
        }

        return data.ToArray();
    }
}
