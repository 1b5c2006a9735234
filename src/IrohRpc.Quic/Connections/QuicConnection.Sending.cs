using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Connections;

// What leaves, from the datagram down to its packets.
internal sealed partial class QuicConnection
{
    /// <summary>The least room that <see cref="Send"/> needs: the largest datagram that is ever written.</summary>
    public const int MinSendLength = 2048;

    // Fewer bytes are left for the next datagram: a header, a tag, and hardly a frame.
    private const int MinPacketRoom = 64;

    // Any header, a tag, and an acknowledgement: with less than this a peer whose address is not validated has to send more before it is told anything, and no timer is set for it.
    private const int MinAllowance = 160;

    // Each packet number space has at most one packet in a datagram.
    private const int SpaceCount = 3;

    // As many datagrams leave in one call as Linux takes in one segmented send.
    private const int MaxSegments = 64;

    private readonly bool _spinWithoutId;
    private bool _hasUnrecordedFrames;
    private bool _mustPad;
    private EcnCodepoint _mark;
    private TimeSpan _pacedUntil = TimeSpan.MaxValue;

    /// <summary>
    /// Writes datagrams that are to be sent now, all of one length but the last and to one place. To be called again until it writes nothing.
    /// </summary>
    /// <param name="buffer">At least <see cref="MinSendLength"/> bytes; the more, the more datagrams at once.</param>
    /// <param name="now">The time.</param>
    /// <param name="datagrams">Where they go, and how long each is.</param>
    /// <returns>How many bytes were written; zero where nothing is to be sent now.</returns>
    public int Send(Span<byte> buffer, TimeSpan now, out OutgoingDatagrams datagrams)
    {
        _now = now;
        _pacedUntil = TimeSpan.MaxValue;
        datagrams = default;
        if (State is ConnectionState.Draining or ConnectionState.Closed)
        {
            return 0;
        }

        if (State == ConnectionState.Closing)
        {
            return SendClose(buffer, out datagrams);
        }

        if (IsExhausted)
        {
            CloseForViolation((long)TransportErrorCode.AeadLimitReached, 0, "the keys have protected as many packets as they may", null);
            return SendClose(buffer, out datagrams);
        }

        // One system call has one mark, whatever is learned of marks in between.
        _mark = _options.UsesEcn && _path.Congestion.Ecn.ShouldMark ? EcnCodepoint.Ect0 : EcnCodepoint.NotEct;
        int written = SendNatProbe(buffer, out datagrams);
        written = written > 0 ? written : SendOffPath(buffer, out datagrams);
        if (written == 0)
        {
            written = SendMtuProbe(buffer);
            written = written > 0 ? written : SendBatch(buffer, ref datagrams);
            if (written > 0)
            {
                int segment = datagrams.SegmentLength > 0 ? datagrams.SegmentLength : written;
                datagrams = new OutgoingDatagrams(_path.Path, _mark, segment);
            }
        }

        UpdateAmplificationLimit();
        return written > 0 || _multipath is not { Paths.Count: > 1 } ? written : SendOnOtherPaths(buffer, out datagrams);
    }

    private bool IsExhausted => _oneRtt is { IsExhausted: true }
        || Initial.Sealing is { IsExhausted: true } || Handshake.Sealing is { IsExhausted: true };

    private int SendBatch(Span<byte> buffer, ref OutgoingDatagrams datagrams)
    {
        int written = 0;
        int segment = 0;
        for (int count = 0; count < MaxSegments; count++)
        {
            int room = (int)Math.Min(_path.Allowance, Math.Min(buffer.Length - written, segment == 0 ? _path.Congestion.Mtu.Current : segment));
            if (room < (State == ConnectionState.Handshaking ? TransportParameters.MinUdpPayloadSize : MinPacketRoom) || room < segment)
            {
                break;
            }

            int length = WriteDatagram(buffer.Slice(written, room));
            if (length == 0)
            {
                break;
            }

            written += length;
            segment = segment == 0 ? length : segment;

            // One that is shorter than those before it ends the batch, and so does a first one with room left: there is no more to send.
            if (length < segment || length < room)
            {
                break;
            }
        }

        datagrams = datagrams with { SegmentLength = segment };
        return written;
    }

    private int WriteDatagram(Span<byte> buffer)
    {
        bool mayElicit = MayElicit();
        Span<PacketInProgress> packets = stackalloc PacketInProgress[SpaceCount];
        int used = 0;
        int count = 0;
        bool mustPad = false;
        foreach (SpaceState space in _spaces)
        {
            if (CanSend(space, out PacketType type) && WantsToSend(space, type, mayElicit) && buffer.Length - used >= MinPacketRoom)
            {
                ref PacketInProgress packet = ref packets[count];
                if (TryBegin(ref packet, space, type, buffer, used, _peerIds.Current))
                {
                    WriteFrames(ref packet, space, buffer, mayElicit);
                    if (packet.PayloadLength > 0)
                    {
                        used += packet.Length;
                        mustPad |= packet.MustPad;
                        count++;
                    }
                }
            }
        }

        if (count == 0)
        {
            return 0;
        }

        if (mustPad)
        {
            used = Pad(ref packets[count - 1], buffer, used, Math.Min(buffer.Length, TransportParameters.MinUdpPayloadSize));
        }

        for (int i = 0; i < count; i++)
        {
            Finish(packets[i], buffer, _path);
        }

        CountSent(_path, used);
        return used;
    }

    private bool MayElicit()
    {
        int size = _path.Congestion.Mtu.Current;
        if (!HasFrames() || !_path.Congestion.CanSend(size))
        {
            return false;
        }

        TimeSpan next = _path.Congestion.NextSendTime(size, _now);
        if (next <= _now)
        {
            return true;
        }

        _pacedUntil = next;
        return false;
    }

    private bool CanSend(SpaceState space, out PacketType type)
    {
        if (space != Application)
        {
            type = space == Initial ? PacketType.Initial : PacketType.Handshake;
            return space.Sealing is not null;
        }

        type = _oneRtt is null ? PacketType.ZeroRtt : PacketType.OneRtt;
        return _oneRtt is not null || (!IsServer && space.Sealing is not null);
    }

    private bool WantsToSend(SpaceState space, PacketType type, bool mayElicit)
        => (space.Received.AckDeadline <= _now && type != PacketType.ZeroRtt)
        || _recovery.ProbesPending(space.Space) > 0
        || (mayElicit && HasFrames(space, type));

    private bool HasFrames()
    {
        foreach (SpaceState space in _spaces)
        {
            if (CanSend(space, out PacketType type) && HasFrames(space, type))
            {
                return true;
            }
        }

        return false;
    }

    private bool HasFrames(SpaceState space, PacketType type)
    {
        if (type is PacketType.Initial or PacketType.Handshake)
        {
            return space.Crypto.HasFrames || space.WantsPing;
        }

        if (_isBesideSelected)
        {
            return HasFramesBesideSelected(space);
        }

        return Streams.HasFrames
            || _outgoingDatagrams is { Count: > 0 }
            || (type == PacketType.OneRtt && (space.Crypto.HasFrames || space.WantsPing || HasConnectionFrames));
    }

    private bool HasConnectionFrames => _mustSendHandshakeDone || _mustSendNewToken || _mustSendObserved || _path.MustSendChallenge || _path.HasResponses
        || (_multipath is null ? _localIds.HasFrames || _peerIds.HasFrames : HasPathFrames || _nat is { HasFrames: true });

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

    private int SendMtuProbe(Span<byte> buffer)
    {
        if (!IsConfirmed || !_path.IsValidated || !_path.Congestion.Mtu.TryGetProbeSize(_now, _path.Sent, out int size) || size > buffer.Length
            || !_path.Congestion.CanSend(size))
        {
            return 0;
        }

        PacketInProgress packet = default;
        Span<byte> datagram = buffer[..size];
        if (!TryBegin(ref packet, Application, PacketType.OneRtt, datagram, 0, _peerIds.Current))
        {
            return 0;
        }

        FrameWriter writer = PayloadWriter(packet, datagram);
        writer.Write(QuicFrameType.Ping);
        EndFrames(ref packet, datagram, writer.Written);
        packet.Flags = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight | SentPacketFlags.MtuProbe;
        Pad(ref packet, datagram, packet.Length, size);
        Finish(packet, datagram, _path);
        CountSent(_path, size);
        return size;
    }
}
