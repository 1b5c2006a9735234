using System.Diagnostics.CodeAnalysis;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Connections;

// Unreliable datagrams (RFC 9221).
internal sealed partial class QuicConnection
{
    // Made for the first datagram; most connections have none.
    private DatagramQueue? _incomingDatagrams;
    private DatagramQueue? _outgoingDatagrams;

    /// <summary>
    /// How many bytes a datagram may have that fits into one packet of the current path; null where the peer takes none. It changes with the path.
    /// </summary>
    public int? MaxDatagramLength
    {
        get
        {
            if (PeerParameters is not { MaxDatagramFrameSize: > 0 } peer || State != ConnectionState.Open)
            {
                return null;
            }

            int packet = OneRttPayloadLength(_path.Congestion.Mtu.Current);
            return (int)Math.Clamp(Math.Min(packet, peer.MaxDatagramFrameSize) - DatagramHeaderLength, 0, int.MaxValue);
        }
    }

    private const int DatagramHeaderLength = 3;

    /// <summary>Has a copy of a datagram sent, as soon as congestion allows. Where too many wait, the oldest is dropped.</summary>
    /// <returns>Whether it was taken; not where it is longer than <see cref="MaxDatagramLength"/>.</returns>
    public bool TrySendDatagram(ReadOnlySpan<byte> datagram)
    {
        if (MaxDatagramLength is not { } max || datagram.Length > max)
        {
            return false;
        }

        (_outgoingDatagrams ??= new DatagramQueue(_options.DatagramBufferSize)).Enqueue(datagram);
        return true;
    }

    /// <summary>The oldest datagram that has arrived.</summary>
    public bool TryReceiveDatagram([NotNullWhen(true)] out byte[]? datagram)
    {
        datagram = null;
        return _incomingDatagrams?.TryDequeue(out datagram) == true;
    }

    private void ReceiveDatagram(ReadOnlySpan<byte> datagram, long frameType)
    {
        if (!_options.AcceptsDatagrams)
        {
            throw new TransportViolationException(TransportErrorCode.ProtocolViolation, frameType, "datagrams were not asked for");
        }

        (_incomingDatagrams ??= new DatagramQueue(_options.DatagramBufferSize)).Enqueue(datagram);
        _events |= ConnectionEvents.DatagramReceived;
    }

    private void WriteDatagrams(ref FrameWriter writer)
    {
        bool wrote = false;
        while (_outgoingDatagrams is { } waiting && waiting.TryPeek(out int length))
        {
            if (writer.Room < length + DatagramHeaderLength)
            {
                // One that no packet can carry any more, since the path is a smaller one now, must not stand in the way of all others.
                if (length > MaxDatagramLength)
                {
                    waiting.Drop();
                    continue;
                }

                break;
            }

            writer.Write(QuicFrameType.DatagramWithLength);
            writer.Write(length);
            writer.Advance(waiting.Dequeue(writer.Free));
            _hasUnrecordedFrames = true;
            wrote = true;
        }

        if (wrote)
        {
            _events |= ConnectionEvents.DatagramsSent;
        }
    }
}
