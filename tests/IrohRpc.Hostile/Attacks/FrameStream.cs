namespace IrohRpc.Hostile;

/// <summary>Reads whole frames off a stream.</summary>
internal sealed class FrameStream(PeerStream stream)
{
    private readonly List<byte> _bytes = [];
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>The two bytes that a stream begins with.</summary>
    public async Task<byte> ReadKindAsync(CancellationToken cancellationToken)
    {
        await FillAsync(2, cancellationToken);
        byte kind = _bytes[1];
        _bytes.RemoveRange(0, 2);
        return kind;
    }

    /// <summary>The next frame; type 255 at the end of the stream.</summary>
    public async Task<(byte Type, byte[] Body)> ReadAsync(CancellationToken cancellationToken)
    {
        if (!await FillAsync(1, cancellationToken))
        {
            return (255, []);
        }

        int size = 1 << (_bytes[0] >> 6);
        await FillAsync(size, cancellationToken);
        long length = _bytes[0] & 0x3F;
        for (int i = 1; i < size; i++)
        {
            length = (length << 8) | _bytes[i];
        }

        await FillAsync(size + (int)length, cancellationToken);
        byte[] frame = [.. _bytes.GetRange(size, (int)length)];
        _bytes.RemoveRange(0, size + (int)length);
        return (frame[0], frame[1..]);
    }

    private async Task<bool> FillAsync(int count, CancellationToken cancellationToken)
    {
        while (_bytes.Count < count)
        {
            int read = await stream.ReadAsync(_buffer, cancellationToken);
            if (read == 0)
            {
                return false;
            }

            _bytes.AddRange(_buffer.AsSpan(0, read));
        }

        return true;
    }
}
