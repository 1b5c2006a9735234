using IrohRpc.Multiplexing.Streams;

namespace IrohRpc.Multiplexing.QMux;

/// <summary>
/// One side of a QMux connection (draft-ietf-quic-qmux) as a state machine: bytes that arrived go in, bytes to send come out, the time is
/// told, and deadlines are named. Streams are used through <see cref="Streams"/>.
/// </summary>
/// <remarks>
/// It does no I/O, has no clock and starts no task. It is not safe for several threads: its owner guards it, its streams included, with one
/// lock. Whatever a peer sends, no call throws: a violation ends the session and is told to the peer in a CONNECTION_CLOSE.
/// </remarks>
internal sealed class QMuxSession
{
    /// <summary>The least room that <see cref="Send"/> needs: a CONNECTION_CLOSE and the parameters fit.</summary>
    public const int MinSendLength = 2048;

    /// <summary>The most bytes of a record that this side takes, with its size in front: what a receive buffer must hold.</summary>
    public const int MaxRecordLength = QMuxTransportParameters.DefaultMaxRecordSize + VariableLengthInteger.MaxLength;

    private const int RecordHeaderLength = 2;

    private readonly QMuxTransportParameters _local;
    private readonly Liveness _liveness;
    private PingExchange _pings = new();
    private PathEstimate _path;
    private ConnectionCloseFrame? _closeToSend;
    private bool _parametersSent;
    private TimeSpan _now;

    /// <summary>Starts a session.</summary>
    /// <param name="isClient">Whether this side opened the connection below.</param>
    /// <param name="local">What this side declares.</param>
    /// <param name="keepAliveInterval">How long this side is silent at most; null for as long as it likes.</param>
    /// <param name="now">The time, from any fixed moment on, as in all later calls.</param>
    /// <param name="windows">How the windows of streams grow; null for windows that stay as they are.</param>
    public QMuxSession(
        bool isClient, QMuxTransportParameters local, TimeSpan? keepAliveInterval, TimeSpan now, ReceiveWindows? windows = null)
    {
        _local = local;
        _liveness = new Liveness(
            local.MaxIdleTimeout == 0 ? null : TimeSpan.FromMilliseconds(local.MaxIdleTimeout), keepAliveInterval, now);
        Streams = new StreamMultiplexer(isClient, local.Limits, windows: windows);
    }

    /// <summary>The streams.</summary>
    public StreamMultiplexer Streams { get; }

    /// <summary>How far the session has come.</summary>
    public QMuxSessionState State { get; private set; }

    /// <summary>What the peer declared; null until it has arrived.</summary>
    public QMuxTransportParameters? Peer { get; private set; }

    /// <summary>The CONNECTION_CLOSE that ended the session, of either side; null where none did.</summary>
    public ConnectionCloseFrame? Close { get; private set; }

    /// <summary>Whether <see cref="Send"/> has something to write. It may be true for nothing, and is never false where there is.</summary>
    public bool HasOutput => !_parametersSent
        || (State == QMuxSessionState.Open ? _pings.HasFrames || (Peer is not null && Streams.HasFrames) : _closeToSend is not null);

    /// <summary>Takes bytes that arrived.</summary>
    /// <param name="bytes">What has arrived and was not taken yet.</param>
    /// <param name="now">The time.</param>
    /// <returns>
    /// How many bytes were taken: whole records, and everything once the session has ended. The rest is less than
    /// <see cref="MaxRecordLength"/> long and is to be offered again with what follows it.
    /// </returns>
    public int Receive(ReadOnlySpan<byte> bytes, TimeSpan now)
    {
        int taken = 0;
        _now = now;
        try
        {
            while (State == QMuxSessionState.Open)
            {
                ReadOnlySpan<byte> rest = bytes[taken..];
                int header = VariableLengthInteger.TryRead(rest, out long size);
                if (header == 0)
                {
                    break;
                }

                CheckRecordSize(size);
                if (rest.Length - header < size)
                {
                    break;
                }

                ReceiveRecord(rest.Slice(header, (int)size));
                taken += header + (int)size;
            }
        }
        catch (TransportViolationException violation)
        {
            var close = new ConnectionCloseFrame(false, (long)violation.Code, violation.FrameType, violation.Message);
            End(QMuxSessionState.Violated, close, tellPeer: true);
        }

        if (taken > 0)
        {
            _liveness.Received(now);
            if (_path.WantsPing(Streams.Received, now))
            {
                _pings.Want();
            }
        }

        return State == QMuxSessionState.Open ? taken : bytes.Length;
    }

    /// <summary>Writes records that are to be sent, as many as there are and fit.</summary>
    /// <param name="destination">At least <see cref="MinSendLength"/> bytes.</param>
    /// <param name="now">The time.</param>
    /// <returns>How many bytes were written; zero where nothing is to be sent.</returns>
    public int Send(Span<byte> destination, TimeSpan now)
    {
        int written = 0;
        do
        {
            Span<byte> record = destination[written..];

            // The size has a fixed place of two bytes, which is enough for what every peer takes.
            int room = Math.Min(record.Length - RecordHeaderLength, QMuxTransportParameters.DefaultMaxRecordSize);
            var writer = new FrameWriter(record.Slice(RecordHeaderLength, room));
            WriteRecord(ref writer, now);
            if (writer.Written == 0)
            {
                break;
            }

            VariableLengthInteger.WriteTwoBytes(record, writer.Written);
            written += RecordHeaderLength + writer.Written;
        }
        while (destination.Length - written >= MinSendLength);

        if (written > 0)
        {
            _liveness.Sent(now);
        }

        return written;
    }

    /// <summary>Closes with the application's code, if nothing has ended the session yet.</summary>
    /// <param name="errorCode">From 0 to 2^62-1.</param>
    /// <param name="reason">For people; cut to 1,024 bytes.</param>
    public void CloseByApplication(long errorCode, string reason)
        => End(
            QMuxSessionState.ClosedLocally,
            new ConnectionCloseFrame(true, errorCode, 0, ConnectionCloseFrame.Cut(reason)),
            tellPeer: true);

    /// <summary>The duplex stream below has ended or failed.</summary>
    public void HandleLoss() => End(QMuxSessionState.Lost, null, tellPeer: false);

    /// <summary>
    /// When <see cref="HandleDeadline"/> wants to be called next; null for never. To be asked again after each such call and after
    /// the peer's parameters have arrived; records that come and go in between need not be followed.
    /// </summary>
    /// <param name="now">The time.</param>
    public TimeSpan? NextDeadline(TimeSpan now)
    {
        if (State != QMuxSessionState.Open)
        {
            return null;
        }

        // A ping that could not leave yet must not bring the deadline round again and again.
        TimeSpan? deadline = _pings.IsRequestWanted
            ? _liveness.IdleDeadline
            : Liveness.Earlier(_liveness.IdleDeadline, _liveness.PingDeadline);
        return Liveness.Earlier(deadline, now + _liveness.LongestWait);
    }

    /// <summary>Does what is due: a ping, or giving the peer up.</summary>
    public void HandleDeadline(TimeSpan now)
    {
        if (State != QMuxSessionState.Open)
        {
            return;
        }

        if (_liveness.IdleDeadline <= now)
        {
            // The draft wants no frame here: the peer is gone, or will see the end of the bytes.
            End(QMuxSessionState.TimedOut, null, tellPeer: false);
        }
        else if (_liveness.PingDeadline <= now)
        {
            _pings.Want();
        }
    }

    /// <summary>
    /// How long a ping has gone without anything arriving after it. Pings where none is on its way and nothing has arrived lately.
    /// </summary>
    public TimeSpan MeasureSilence(TimeSpan now)
    {
        if (State != QMuxSessionState.Open)
        {
            return TimeSpan.Zero;
        }

        TimeSpan silence = _liveness.Silence(now);
        if (silence == TimeSpan.Zero && _liveness.IsQuiet(now))
        {
            _pings.Want();
        }

        return silence;
    }

    private void CheckRecordSize(long size)
    {
        if (size > _local.MaxRecordSize)
        {
            throw new TransportViolationException(
                TransportErrorCode.FrameEncodingError, 0, "a record is longer than max_record_size");
        }

        // As a QUIC packet without frames (RFC 9000, section 12.4).
        if (size == 0)
        {
            throw new TransportViolationException(TransportErrorCode.ProtocolViolation, 0, "a record is empty");
        }
    }

    private void ReceiveRecord(ReadOnlySpan<byte> frames)
    {
        var reader = new FrameReader(frames);
        while (!reader.IsAtEnd && State == QMuxSessionState.Open)
        {
            long type = reader.ReadFrameType();
            if ((type == QMuxFrameType.TransportParameters) != (Peer is null))
            {
                throw new TransportViolationException(
                    TransportErrorCode.ProtocolViolation, type, "the transport parameters are the first frame and no other");
            }

            if (!Streams.TryReceive(ref reader))
            {
                ReceiveOther(ref reader);
            }
        }
    }

    private void ReceiveOther(ref FrameReader reader)
    {
        switch (reader.FrameType)
        {
            case FrameType.Padding:
                reader.SkipPadding();
                break;
            case FrameType.ConnectionCloseTransport:
            case FrameType.ConnectionCloseApplication:
                End(QMuxSessionState.ClosedByPeer, ConnectionCloseFrame.Read(ref reader), tellPeer: false);
                break;
            case QMuxFrameType.TransportParameters:
                ApplyPeer(QMuxTransportParameters.Read(reader.ReadBytes()));
                break;
            case QMuxFrameType.PingRequest:
                _pings.ReceiveRequest(reader.ReadInteger());
                break;
            case QMuxFrameType.PingResponse:
                long answered = reader.ReadInteger();
                _pings.ReceiveResponse(answered);
                _path.Answered(answered, Streams.Received, _now);
                Streams.Windows.BandwidthDelayProduct = _path.Bytes;
                break;
            default:
                reader.ThrowMalformed($"frame type 0x{reader.FrameType:x} is not one of QMux");
                break;
        }
    }

    private void ApplyPeer(QMuxTransportParameters peer)
    {
        Peer = peer;
        Streams.ApplyPeerLimits(peer.Limits);
        if (peer.MaxIdleTimeout > 0)
        {
            // Beyond a year it makes no difference, and the arithmetic stays in range.
            _liveness.ApplyPeerTimeout(TimeSpan.FromMilliseconds(Math.Min(peer.MaxIdleTimeout, 365L * 24 * 3600 * 1000)));
        }
    }

    private void WriteRecord(ref FrameWriter writer, TimeSpan now)
    {
        if (!_parametersSent)
        {
            _parametersSent = true;
            WriteParameters(ref writer);
            return;
        }

        if (State != QMuxSessionState.Open)
        {
            _closeToSend?.Write(ref writer);
            _closeToSend = null;
            return;
        }

        if (_pings.HasFrames)
        {
            if (_pings.IsRequestWanted)
            {
                _liveness.Pinged(now);
                _path.Asked(_pings.NextSequence, Streams.Received, now);
            }

            _pings.Write(ref writer);
        }

        // No frame that depends on the peer's parameters leaves before they have arrived.
        if (Peer is not null)
        {
            Streams.WriteFrames(ref writer);
        }
    }

    private void WriteParameters(ref FrameWriter writer)
    {
        Span<byte> content = stackalloc byte[256];
        var parameters = new FrameWriter(content);
        _local.Write(ref parameters);
        writer.Write(QMuxFrameType.TransportParameters);
        writer.WriteBytes(content[..parameters.Written]);
    }

    private void End(QMuxSessionState state, ConnectionCloseFrame? close, bool tellPeer)
    {
        if (State != QMuxSessionState.Open)
        {
            return;
        }

        State = state;
        Close = close;
        _closeToSend = tellPeer ? close : null;
    }
}
