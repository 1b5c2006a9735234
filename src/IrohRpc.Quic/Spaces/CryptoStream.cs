using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Spaces;

/// <summary>The handshake's bytes of one packet number space, both ways (RFC 9000, sections 7.5 and 19.6): a stream without flow control or end.</summary>
internal sealed class CryptoStream(SegmentPool pool)
{
    /// <summary>How far ahead of what was taken bytes may arrive; more ends the connection.</summary>
    public const int MaxAhead = 64 * 1024;

    // Fewer bytes are left for the next packet.
    private const int MinFrameRoom = 32;

    private SendBuffer _sending;
    private ReassemblyBuffer? _ahead;

    /// <summary>Whether there are bytes to send, for the first time or again.</summary>
    public bool HasFrames => _sending.HasLost || _sending.UnsentLength > 0;

    /// <summary>Whether bytes that were sent have not been acknowledged.</summary>
    public bool HasUnacknowledged => _sending.Start < _sending.Sent;

    /// <summary>The offset of the next byte that the handshake waits for.</summary>
    public long Received { get; private set; }

    /// <summary>Whether bytes lie here that wait for others before them.</summary>
    public bool HasGap => _ahead is { IsEmpty: false };

    /// <summary>Has bytes sent.</summary>
    public void Send(ReadOnlySpan<byte> bytes) => _sending.Append(bytes, pool);

    /// <summary>Writes CRYPTO frames as long as there are bytes and room.</summary>
    public void Write(ref FrameWriter writer, SentFrames sent)
    {
        while (HasFrames && writer.Room >= MinFrameRoom)
        {
            (long offset, long end) = _sending.HasLost ? _sending.FirstLost : (_sending.Sent, _sending.End);
            int header = 1 + VariableLengthInteger.LengthOf(offset) + 2;
            int length = (int)Math.Min(end - offset, writer.Room - header);
            writer.Write(QuicFrameType.Crypto, offset);
            writer.Write(length);
            if (_sending.HasLost)
            {
                _sending.CopyLost(offset, writer.Free[..length]);
            }
            else
            {
                _sending.CopyUnsent(writer.Free[..length]);
            }

            writer.Advance(length);
            sent.Add(ConnectionFrameKind.Crypto, offset: offset, length: length);
        }
    }

    /// <summary>A CRYPTO frame has arrived at the peer.</summary>
    public void HandleAcknowledged(long offset, int length) => _sending.Acknowledge(offset, offset + length, pool);

    /// <summary>A CRYPTO frame was lost.</summary>
    public void HandleLost(long offset, int length) => _sending.Lose(offset, offset + length);

    /// <summary>Everything that was sent and not acknowledged is to be sent again.</summary>
    public void LoseAll()
    {
        if (HasUnacknowledged)
        {
            _sending.Lose(_sending.Start, _sending.Sent);
        }
    }

    /// <summary>Takes a CRYPTO frame.</summary>
    /// <returns>The bytes of it that are next in order; none where it repeats others or comes too early.</returns>
    public ReadOnlySpan<byte> Receive(long offset, ReadOnlySpan<byte> bytes)
    {
        long end = offset + bytes.Length;
        if (end > Received + MaxAhead)
        {
            throw new TransportViolationException(
                TransportErrorCode.CryptoBufferExceeded, QuicFrameType.Crypto, "too many bytes of the handshake arrived out of order");
        }

        if (end <= Received)
        {
            return default;
        }

        if (offset > Received)
        {
            _ahead ??= new ReassemblyBuffer(pool);
            _ahead.Add(offset, bytes);
            return default;
        }

        ReadOnlySpan<byte> next = bytes[(int)(Received - offset)..];
        Received = end;
        return next;
    }

    /// <summary>The next bytes that arrived earlier and are in order now. They stay valid until the next call of any method.</summary>
    public ReadOnlySpan<byte> TakeAhead()
    {
        if (_ahead is null)
        {
            return default;
        }

        ReadOnlySpan<byte> next = _ahead.Peek(Received);
        if (next.IsEmpty)
        {
            // What lies before the frontier by now was repeated; what lies beyond it waits on.
            _ahead.Release(0, Received);
            if (_ahead.IsEmpty)
            {
                _ahead = null;
            }
        }

        Received += next.Length;
        return next;
    }

    /// <summary>Drops everything.</summary>
    public void Discard()
    {
        _sending.Clear(pool);
        _ahead?.Clear();
        _ahead = null;
    }
}
