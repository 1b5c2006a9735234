using System.Buffers.Binary;

namespace IrohRpc.Hostile;

/// <summary>Answers every call with the frames that were planned for it.</summary>
internal sealed class HostileService : IProtocolHandler
{
    /// <summary>Makes the frames of an answer out of the number of the call.</summary>
    public Func<long, byte[]> Answer { get; set; } = static _ => [];

    public async ValueTask HandleAsync(PeerConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                PeerStream stream = await connection.AcceptBidirectionalStreamAsync(cancellationToken);
                _ = ServeAsync(stream, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is PeerException or OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(PeerStream stream, CancellationToken cancellationToken)
    {
        try
        {
            var frames = new FrameStream(stream);
            await frames.ReadKindAsync(cancellationToken);
            while (await frames.ReadAsync(cancellationToken) is { Type: not 255 } frame)
            {
                if (frame.Type != 0)
                {
                    continue;
                }

                byte[] answer = Answer(NumberOf(frame.Body));
                await stream.WriteAsync(answer, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is PeerException or OperationCanceledException)
        {
        }
    }

    private static long NumberOf(byte[] body) => (body[0] >> 6) switch
    {
        0 => body[0],
        1 => BinaryPrimitives.ReadUInt16BigEndian(body) & 0x3FFF,
        _ => BinaryPrimitives.ReadUInt32BigEndian(body) & 0x3FFF_FFFF,
    };
}
