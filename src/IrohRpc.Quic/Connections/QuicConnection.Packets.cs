using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Paths;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// From the header of a packet to its seal.
internal sealed partial class QuicConnection
{
    private readonly bool _spinWithoutId;
    private bool _hasUnrecordedFrames;
    private bool _mustPad;
    private EcnCodepoint _mark;
    private TimeSpan _pacedUntil = TimeSpan.MaxValue;

    private bool TryBegin(
        ref PacketInProgress packet, SpaceState space, PacketType type, Span<byte> datagram, int start, in ConnectionId destination)
    {
        Span<byte> buffer = datagram[start..];
        long number = _recovery.NextPacketNumber(space.Space);
        int numberLength = PacketNumber.EncodedLength(number, _recovery.LargestAcknowledged(space.Space));
        packet = new PacketInProgress
        {
            Type = type,
            Space = space.Space,
            Start = start,
            PacketNumber = number,
            PacketNumberLength = numberLength,
            LargestAcknowledged = SentPacket.None,
            Frames = SentFrames.None,
        };
        if (buffer.Length < PacketHeaderWriter.MaxLength + CipherSuite.TagLength + (type == PacketType.Initial ? _token.Length : 0))
        {
            return false;
        }

        packet.PacketNumberOffset = type == PacketType.OneRtt
            ? PacketHeaderWriter.WriteShort(buffer, destination, SpinFor(destination), number, numberLength)
            : PacketHeaderWriter.WriteLong(
                buffer, type, destination, _localIds.First, type == PacketType.Initial && !IsServer ? _token : default, number, numberLength);
        return true;
    }

    // The latency spin bit is not used. It then is to be random for each connection id (RFC 9000, section 17.4), which the id itself is.
    private bool SpinFor(in ConnectionId destination) => destination.Length > 0 ? (destination.Span[^1] & 1) != 0 : _spinWithoutId;

    private static FrameWriter PayloadWriter(in PacketInProgress packet, Span<byte> datagram)
        => new(datagram[(packet.Start + packet.PayloadOffset)..^CipherSuite.TagLength]);

    // Header protection takes its sample from behind the longest packet number: a very short payload is padded.
    private static void EndFrames(ref PacketInProgress packet, Span<byte> datagram, int written)
    {
        int missing = written == 0 ? 0 : Math.Max(0, PacketNumber.MaxLength - packet.PacketNumberLength - written);
        datagram.Slice(packet.Start + packet.PayloadOffset + written, missing).Clear();
        packet.PayloadLength = written + missing;
    }

    // How many bytes of frames fit into a 1-RTT packet of a datagram of its own.
    private int OneRttPayloadLength(int datagramLength)
        => datagramLength - 1 - _peerIds.Current.Length - PacketNumber.MaxLength - CipherSuite.TagLength;

    private static int Pad(ref PacketInProgress packet, Span<byte> datagram, int used, int length)
    {
        if (used >= length)
        {
            return used;
        }

        datagram.Slice(packet.Start + packet.PayloadOffset + packet.PayloadLength, length - used).Clear();
        packet.PayloadLength += length - used;
        packet.Flags |= SentPacketFlags.InFlight;
        return length;
    }

    private void Finish(in PacketInProgress packet, Span<byte> datagram, PathState path)
    {
        Seal(packet, datagram.Slice(packet.Start, packet.Length));
        bool isEct0 = path == _path && _mark == EcnCodepoint.Ect0;
        var sent = new SentPacket
        {
            PacketNumber = packet.PacketNumber,
            TimeSent = _now,
            LargestAcknowledged = packet.LargestAcknowledged,
            Size = packet.Length,
            Frames = packet.Frames,
            Path = path.Number,
            Flags = packet.Flags | (isEct0 ? SentPacketFlags.Ect0 : SentPacketFlags.None),
        };
        _recovery.OnSent(packet.Space, sent);
        path.Congestion.OnSent(packet.Space, sent);
        Statistics.PacketsSent++;
        if (sent.IsAckEliciting)
        {
            if (_multipath is { } multipath)
            {
                multipath.Active.UnansweredSince ??= _now;
            }

            _sentSinceReceived ??= _now;
            _lastElicitingSent = _now;
        }

        // A client is done with Initial packets once it has sent a Handshake packet (RFC 9001, section 4.9.1).
        if (packet.Type == PacketType.Handshake && !IsServer)
        {
            Discard(PacketSpace.Initial);
        }
    }

    private void Seal(in PacketInProgress packet, Span<byte> bytes)
    {
        if (packet.Type == PacketType.OneRtt)
        {
            _oneRtt!.Seal(bytes, packet.PacketNumberOffset, packet.PacketNumberLength, packet.PacketNumber, _now, ActiveKeyPhase);
            return;
        }

        PacketHeaderWriter.SetLength(bytes, packet.PacketNumberOffset);
        _spaces[(int)packet.Space].Sealing!.Seal(bytes, packet.PacketNumberOffset, packet.PacketNumberLength, packet.PacketNumber);
    }

    private void CountSent(PathState path, int bytes)
    {
        path.CountSent(bytes);
        Statistics.BytesSent += bytes;
        Statistics.DatagramsSent++;
    }
}
