using System.Buffers.Binary;
using IrohRpc.Multiplexing.QMux;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// The frames of a packet that arrived.
internal sealed partial class QuicConnection
{
    private const int PathDataLength = 8;

    private FrameSummary ReceiveFrames(
        ReadOnlySpan<byte> payload, PacketType type, SpaceState space, in ConnectionId destination, int keyPhase, in NetworkPath path)
    {
        bool isAckEliciting = false;
        bool isNonProbing = false;
        bool carriesStreams = false;
        var reader = new FrameReader(payload);
        while (!reader.IsAtEnd && State is ConnectionState.Handshaking or ConnectionState.Open)
        {
            long frame = reader.ReadFrameType();
            if (type != PacketType.OneRtt && !IsAllowed(frame, type))
            {
                throw new TransportViolationException(
                    TransportErrorCode.ProtocolViolation, frame, $"frame type 0x{frame:x} is not allowed in a packet of type {type}");
            }

            isAckEliciting |= frame is not (FrameType.Padding or QuicFrameType.Ack or QuicFrameType.AckEcn or ExtensionNumbers.PathAck or ExtensionNumbers.PathAckEcn
                or FrameType.ConnectionCloseTransport or FrameType.ConnectionCloseApplication);
            isNonProbing |= frame is not (FrameType.Padding or QuicFrameType.NewConnectionId
                or QuicFrameType.PathChallenge or QuicFrameType.PathResponse or ExtensionNumbers.PathNewConnectionId);
            if (Streams.TryReceive(ref reader))
            {
                carriesStreams = true;
            }
            else
            {
                ReceiveFrame(ref reader, type, space, destination, keyPhase, path);
            }
        }

        return new FrameSummary(isAckEliciting, isNonProbing, carriesStreams);
    }

    // RFC 9000, section 12.4, table 3: what the handshake's packets and early data may carry.
    private static bool IsAllowed(long frame, PacketType type)
        => type == PacketType.ZeroRtt
            ? frame is not (QuicFrameType.Ack or QuicFrameType.AckEcn or QuicFrameType.Crypto or QuicFrameType.NewToken
                or QuicFrameType.RetireConnectionId or QuicFrameType.PathResponse or QuicFrameType.HandshakeDone)
            : frame is FrameType.Padding or QuicFrameType.Ping or QuicFrameType.Ack or QuicFrameType.AckEcn or QuicFrameType.Crypto
                or FrameType.ConnectionCloseTransport;

    private void ReceiveFrame(
        ref FrameReader reader, PacketType type, SpaceState space, in ConnectionId destination, int keyPhase, in NetworkPath path)
    {
        switch (reader.FrameType)
        {
            case FrameType.Padding:
                reader.SkipPadding();
                break;
            case QuicFrameType.Ping:
                break;
            case QuicFrameType.Ack:
            case QuicFrameType.AckEcn:
                AckFrame ack = AckFrame.Read(ref reader);
                if (_multipath is not null && type == PacketType.OneRtt)
                {
                    // An ACK frame is about the first path, wherever it comes.
                    ReceivePathAck(0, ack, reader.FrameType, keyPhase);
                    break;
                }

                ReceiveAck(ack, space, keyPhase);
                break;
            case QuicFrameType.Crypto:
                ReceiveCrypto(space, LevelOf(type), ref reader);
                break;
            case QuicFrameType.NewToken:
                ReceiveNewToken(reader.ReadBytes());
                break;
            case QuicFrameType.NewConnectionId:
                ReceiveNewConnectionId(ref reader, _multipath is null ? _peerIds : PeerIdsOf(0));
                break;
            case QuicFrameType.RetireConnectionId:
                _localIds.Retire(reader.ReadInteger(), destination);
                break;
            case QuicFrameType.PathChallenge:
                ReceivePathChallenge(ReadPathData(ref reader), path);
                break;
            case QuicFrameType.PathResponse:
                ReceivePathResponse(ReadPathData(ref reader), path);
                break;
            case FrameType.ConnectionCloseTransport:
            case FrameType.ConnectionCloseApplication:
                ReceiveClose(ConnectionCloseFrame.Read(ref reader));
                break;
            case QuicFrameType.HandshakeDone:
                ReceiveHandshakeDone();
                break;
            case QuicFrameType.Datagram:
                ReceiveDatagram(reader.ReadToEnd(), reader.FrameType);
                break;
            case QuicFrameType.DatagramWithLength:
                ReceiveDatagram(reader.ReadBytes(), reader.FrameType);
                break;
            default:
                if (TryReceiveMultipathFrame(ref reader, type, destination, keyPhase) || TryReceiveNatFrame(ref reader)
                    || TryReceiveObservedAddress(ref reader, type))
                {
                    break;
                }

                reader.ThrowMalformed($"frame type 0x{reader.FrameType:x} is not known");
                break;
        }
    }

    private static EncryptionLevel LevelOf(PacketType type) => type switch
    {
        PacketType.Initial => EncryptionLevel.Initial,
        PacketType.Handshake => EncryptionLevel.Handshake,
        _ => EncryptionLevel.OneRtt,
    };

    private static ulong ReadPathData(ref FrameReader reader) => BinaryPrimitives.ReadUInt64BigEndian(reader.ReadBytes(PathDataLength));

    private void ReceiveAck(in AckFrame ack, SpaceState space, int keyPhase)
    {
        _recovery.OnAckReceived(space.Space, ack, _now);
        if (space == Application)
        {
            _oneRtt?.OnAcknowledged(ack.Largest, keyPhase, ActiveKeyPhase);
        }
    }

    private static void ReceiveNewConnectionId(ref FrameReader reader, PeerConnectionIds? ids)
    {
        long sequence = reader.ReadInteger();
        long retirePriorTo = reader.ReadInteger();
        int length = reader.ReadBytes(1)[0];
        if (length is 0 or > ConnectionId.MaxLength || retirePriorTo > sequence)
        {
            reader.ThrowMalformed("a connection id's length or its retire_prior_to is out of range");
        }

        var id = new ConnectionId(reader.ReadBytes(length));
        var token = new StatelessResetToken(reader.ReadBytes(StatelessReset.TokenLength));
        ids?.Add(sequence, retirePriorTo, id, token);
    }
}
