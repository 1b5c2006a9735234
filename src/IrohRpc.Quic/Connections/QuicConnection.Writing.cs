using System.Buffers.Binary;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// The frames of a packet that leaves.
internal sealed partial class QuicConnection
{
    // A frame with a connection id and its token, or with the data of a path challenge, fits.
    private const int MaxConnectionFrameLength = 64;

    private const int AckDelayExponent = 3;

    private void WriteFrames(ref PacketInProgress packet, SpaceState space, Span<byte> datagram, bool mayElicit)
    {
        FrameWriter writer = PayloadWriter(packet, datagram);
        _hasUnrecordedFrames = false;
        _mustPad = false;

        // An acknowledgement that may wait leaves early with other frames; one of packets that ask for none must not go alone, or both sides
        // would acknowledge each other for ever.
        if (packet.Type != PacketType.ZeroRtt && space.Received.AckDeadline != ReceivedPackets.NoDeadline
            && space.Received.TryWriteAck(ref writer, AckDelayExponent, _now, out long largest, packet.Type == PacketType.OneRtt ? ActivePathId : null))
        {
            packet.LargestAcknowledged = largest;
        }

        bool isProbe = _recovery.ProbesPending(space.Space) > 0;
        if (isProbe)
        {
            PrepareProbe(space);
        }

        if (mayElicit || isProbe)
        {
            WriteElicitingFrames(ref writer, packet.Type, space);
        }
        else if (_recovery.ShouldElicitAcknowledgement(space.Space) && writer.Written > 0)
        {
            WritePing(ref writer);
        }

        bool isEliciting = _sentFrames.HasCurrent || _hasUnrecordedFrames;
        packet.Frames = _sentFrames.EndPacket();
        EndFrames(ref packet, datagram, writer.Written);
        packet.Flags = isEliciting ? SentPacketFlags.AckEliciting | SentPacketFlags.InFlight : SentPacketFlags.None;
        packet.MustPad = _mustPad || (packet.Type == PacketType.Initial && (!IsServer || isEliciting));
    }

    private void WriteElicitingFrames(ref FrameWriter writer, PacketType type, SpaceState space)
    {
        if (_isBesideSelected)
        {
            WriteFramesBesideSelected(ref writer, space);
            return;
        }

        if (type != PacketType.ZeroRtt)
        {
            space.Crypto.Write(ref writer, _sentFrames);
        }

        if (type == PacketType.OneRtt)
        {
            WriteConnectionFrames(ref writer);
        }

        if (space == Application)
        {
            WriteDatagrams(ref writer);
            Streams.WriteFrames(ref writer);
        }

        if (space.WantsPing && type != PacketType.ZeroRtt)
        {
            if (!_sentFrames.HasCurrent && !_hasUnrecordedFrames)
            {
                WritePing(ref writer);
            }

            // Whatever else elicits an acknowledgement serves as well.
            space.WantsPing = false;
        }
    }

    private void WritePing(ref FrameWriter writer)
    {
        if (writer.Room > 0)
        {
            writer.Write(QuicFrameType.Ping);
            _hasUnrecordedFrames = true;
        }
    }

    private void WriteConnectionFrames(ref FrameWriter writer)
    {
        if (!HasConnectionFrames)
        {
            return;
        }

        if (_mustSendHandshakeDone && writer.Room > 0)
        {
            writer.Write(QuicFrameType.HandshakeDone);
            _sentFrames.Add(ConnectionFrameKind.HandshakeDone);
            _mustSendHandshakeDone = false;
        }

        if (_mustSendObserved && writer.Room >= MaxConnectionFrameLength)
        {
            WriteObservedAddress(ref writer);
        }

        WriteChallengeFrames(ref writer);
        if (_multipath is not null)
        {
            WritePathFrames(ref writer);
            if (_nat is { HasFrames: true })
            {
                WriteNatFrames(ref writer);
            }
        }

        while (_multipath is null && _localIds.HasFrames && writer.Room >= MaxConnectionFrameLength)
        {
            _localIds.Write(ref writer, _sentFrames);
        }

        while (_multipath is null && _peerIds.HasFrames && writer.Room >= MaxConnectionFrameLength)
        {
            _peerIds.Write(ref writer, _sentFrames);
        }

        if (_mustSendNewToken && writer.Room >= _newToken!.Length + MaxConnectionFrameLength)
        {
            writer.Write(QuicFrameType.NewToken);
            writer.WriteBytes(_newToken);
            _sentFrames.Add(ConnectionFrameKind.NewToken);
            _mustSendNewToken = false;
        }
    }

    private void WriteChallengeFrames(ref FrameWriter writer)
    {
        while (_path.HasResponses && writer.Room >= MaxConnectionFrameLength)
        {
            WritePathData(ref writer, QuicFrameType.PathResponse, _path.TakeResponse());
        }

        if (_path.MustSendChallenge && writer.Room >= MaxConnectionFrameLength)
        {
            int length = (int)Math.Min(_path.Allowance, TransportParameters.MinUdpPayloadSize);
            WritePathData(ref writer, QuicFrameType.PathChallenge, _path.TakeChallenge(length, _now, ValidationTimeout));
        }
    }

    // Its datagram is of full size, so that the path is known to carry such ones (RFC 9000, section 8.2.1).
    private void WritePathData(ref FrameWriter writer, long type, ulong data)
    {
        writer.Write(type);
        BinaryPrimitives.WriteUInt64BigEndian(writer.Free, data);
        writer.Advance(PathDataLength);
        _hasUnrecordedFrames = true;
        _mustPad = true;
    }
}
