using System.Buffers;
using System.Security.Cryptography;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Cryptography;
using IrohRpc.Quic.Packets;

namespace IrohRpc.Quic.Protection;

/// <summary>
/// Protects and opens 1-RTT packets, and carries out key updates (RFC 9001, section 6): both directions step together, the phase bit
/// says which key a packet has, and the keys of one phase back are kept for packets that come late.
/// </summary>
/// <remarks>A server must not open packets before the handshake is complete, although the keys are known earlier.</remarks>
internal sealed class OneRttKeys : IDisposable
{
    private readonly CipherSuite _suite;
    private readonly AeadLimits _limits;
    private readonly HeaderProtection _localHeader;
    private readonly HeaderProtection _peerHeader;
    private readonly byte[] _localSecret;
    private readonly byte[] _nextPeerSecret;
    private PacketKey _sealing;
    private PacketKey _opening;
    private PacketKey _nextOpening;
    private PacketKey? _previousOpening;

    private readonly PathKeyPhase _firstPath = new(0);
    private long _sealed;
    private long _failed;
    private bool _isConfirmed;
    private bool _isAcknowledged;
    private bool _hasOpened;
    private TimeSpan _previousExpires = TimeSpan.MaxValue;
    private TimeSpan _nextUpdate = TimeSpan.MinValue;

    /// <summary>Derives the keys of the first phase.</summary>
    /// <param name="suite">The negotiated cipher suite.</param>
    /// <param name="localSecret">The traffic secret for sending.</param>
    /// <param name="peerSecret">The traffic secret for receiving.</param>
    /// <param name="limits">Other limits than the suite's, for tests.</param>
    public OneRttKeys(CipherSuite suite, ReadOnlySpan<byte> localSecret, ReadOnlySpan<byte> peerSecret, AeadLimits? limits = null)
    {
        _suite = suite;
        _limits = limits ?? AeadLimits.For(suite);
        _localHeader = HeaderProtection.Create(suite, localSecret);
        _peerHeader = HeaderProtection.Create(suite, peerSecret);
        _localSecret = localSecret.ToArray();
        _nextPeerSecret = peerSecret.ToArray();
        _sealing = new PacketKey(suite, localSecret);
        _opening = new PacketKey(suite, peerSecret);

        // The next key is ready before it is needed, so that the time of an answer does not tell whether a forged phase bit was tried.
        Advance(_nextPeerSecret);
        _nextOpening = new PacketKey(suite, _nextPeerSecret);
    }

    /// <summary>How many key updates there were.</summary>
    public int KeyPhase { get; private set; }

    /// <summary>
    /// Whether the connection must close with AEAD_LIMIT_REACHED, because no update was possible in time; a few packets are left to say so.
    /// </summary>
    public bool IsExhausted => _sealed >= _limits.Confidentiality - AeadLimits.ReservedForClose;

    private bool KeyPhaseBit => (KeyPhase & 1) != 0;

    /// <summary>The handshake is confirmed: from now on keys may be updated.</summary>
    public void OnHandshakeConfirmed() => _isConfirmed = true;

    /// <summary>Takes in the largest packet number of an ACK frame for the application's space.</summary>
    /// <param name="largestAcknowledged">The largest packet number.</param>
    /// <param name="carrierKeyPhase">The <see cref="OpenedPacket.KeyPhase"/> of the packet that carried the frame.</param>
    /// <param name="path">The path whose packets were acknowledged; null for the first.</param>
    /// <exception cref="TransportViolationException">The peer saw packets of the new phase and yet answers with old keys.</exception>
    public void OnAcknowledged(long largestAcknowledged, int carrierKeyPhase, PathKeyPhase? path = null)
    {
        if (largestAcknowledged < (path ?? _firstPath).At(KeyPhase).FirstSealed)
        {
            return;
        }

        if (carrierKeyPhase < KeyPhase)
        {
            throw new TransportViolationException(
                TransportErrorCode.KeyUpdateError, 0, "packets with new keys were acknowledged with old keys");
        }

        _isAcknowledged = true;
    }

    /// <summary>Whether keys may be updated: the handshake is confirmed, and the peer is known to have followed the update before.</summary>
    public bool CanUpdate(TimeSpan now) => _isConfirmed && _isAcknowledged && now >= _nextUpdate;

    /// <summary>Starts a key update if it is allowed.</summary>
    /// <returns>Whether an update was started: the next packet carries it.</returns>
    public bool TryUpdate(TimeSpan now)
    {
        if (!CanUpdate(now))
        {
            return false;
        }

        Step();
        return true;
    }

    /// <summary>Encrypts a packet in place and protects its header. Keys are updated before they wear out.</summary>
    /// <param name="packet">
    /// A packet with a short header and <see cref="CipherSuite.TagLength"/> bytes of room for the tag; packet number and frames take at
    /// least <see cref="PacketNumber.MaxLength"/> bytes together.
    /// </param>
    /// <param name="packetNumberOffset">Where the packet number starts.</param>
    /// <param name="packetNumberLength">How many bytes it takes.</param>
    /// <param name="packetNumber">The full packet number.</param>
    /// <param name="now">The time.</param>
    /// <param name="path">The path that the packet takes; null for the first.</param>
    public void Seal(Span<byte> packet, int packetNumberOffset, int packetNumberLength, long packetNumber, TimeSpan now, PathKeyPhase? path = null)
    {
        if (_sealed >= _limits.Update && CanUpdate(now))
        {
            Step();
        }

        if (_sealed >= _limits.Confidentiality)
        {
            throw new InvalidOperationException("The key has sealed as many packets as its cipher allows.");
        }

        path = (path ?? _firstPath).At(KeyPhase);
        if (path.FirstSealed == PathKeyPhase.None)
        {
            path.FirstSealed = packetNumber;
        }

        _sealed++;
        packet[0] = (byte)((packet[0] & ~HeaderBits.KeyPhase) | (KeyPhaseBit ? HeaderBits.KeyPhase : 0));
        SealingKeys.Seal(_sealing, _localHeader, packet, packetNumberOffset, packetNumberLength, packetNumber, path.PathId);
    }

    /// <summary>Removes a packet's protection in place, with the keys that its phase bit and number point to.</summary>
    /// <param name="packet">The packet with its short header, to the end of the datagram.</param>
    /// <param name="packetNumberOffset">Where the packet number starts.</param>
    /// <param name="largestReceived">The largest packet number received in this space, or -1.</param>
    /// <param name="now">The time.</param>
    /// <param name="probeTimeout">The connection's current PTO; old keys are kept for three of it.</param>
    /// <param name="opened">Where the parts are, if the result is true.</param>
    /// <param name="path">The path that the packet's destination id belongs to; null for the first.</param>
    /// <returns>
    /// False if the packet is not authentic and must be ignored. Its frames are destroyed then, but a stateless reset can still be
    /// recognized by its end.
    /// </returns>
    /// <exception cref="TransportViolationException">
    /// The peer set reserved bits or broke the rules of key updates, or the connection has received more forged packets than the cipher allows.
    /// </exception>
    public bool TryOpen(
        Span<byte> packet,
        int packetNumberOffset,
        long largestReceived,
        TimeSpan now,
        TimeSpan probeTimeout,
        out OpenedPacket opened,
        PathKeyPhase? path = null)
    {
        opened = default;
        DiscardExpired(now);
        if (!HeaderProtection.HasSample(packet.Length, packetNumberOffset))
        {
            return false;
        }

        var snapshot = new HeaderSnapshot(packet, packetNumberOffset);
        int numberLength = _peerHeader.Unprotect(packet, packetNumberOffset);
        long packetNumber = PacketNumber.Decode(
            PacketNumber.ReadTruncated(packet.Slice(packetNumberOffset, numberLength)), numberLength, largestReceived);
        int payloadOffset = packetNumberOffset + numberLength;
        path = (path ?? _firstPath).At(KeyPhase);
        bool isCurrent = ((packet[0] & HeaderBits.KeyPhase) != 0) == KeyPhaseBit;
        int keyPhase = isCurrent ? KeyPhase : packetNumber < path.FirstOpened && _previousOpening is not null ? KeyPhase - 1 : KeyPhase + 1;
        if (!TryOpen(keyPhase, packet, payloadOffset, packetNumber, path.PathId))
        {
            snapshot.Restore();
            OpeningKeys.CountFailure(ref _failed, _limits);
            return false;
        }

        OpeningKeys.ThrowIfReservedBits(packet[0], HeaderBits.ShortReserved);
        OnOpened(keyPhase, packetNumber, now, probeTimeout, path);
        opened = new OpenedPacket(packetNumber, payloadOffset, packet.Length - payloadOffset - CipherSuite.TagLength, keyPhase);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _localHeader.Dispose();
        _peerHeader.Dispose();
        _sealing.Dispose();
        _opening.Dispose();
        _nextOpening.Dispose();
        _previousOpening?.Dispose();
        CryptographicOperations.ZeroMemory(_localSecret);
        CryptographicOperations.ZeroMemory(_nextPeerSecret);
    }

    private bool TryOpen(int keyPhase, Span<byte> packet, int payloadOffset, long packetNumber, uint pathId)
    {
        Span<byte> payload = packet[payloadOffset..^CipherSuite.TagLength];
        ReadOnlySpan<byte> header = packet[..payloadOffset];
        ReadOnlySpan<byte> tag = packet[^CipherSuite.TagLength..];
        if (keyPhase <= KeyPhase)
        {
            return (keyPhase == KeyPhase ? _opening : _previousOpening!).TryOpen(packetNumber, header, payload, tag, pathId);
        }

        if (_previousOpening is null)
        {
            return _nextOpening.TryOpen(packetNumber, header, payload, tag, pathId);
        }

        // A failure destroys the payload, and the old key has to be tried as well: going back to it is an error of its own.
        byte[] copy = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(copy);
        bool isOpened = _nextOpening.TryOpen(packetNumber, header, payload, tag, pathId);
        bool isOld = !isOpened && _previousOpening.TryOpen(packetNumber, header, copy.AsSpan(0, payload.Length), tag, pathId);
        ArrayPool<byte>.Shared.Return(copy);
        return isOld
            ? throw new TransportViolationException(TransportErrorCode.KeyUpdateError, 0, "old keys were used after new ones")
            : isOpened;
    }

    private void OnOpened(int keyPhase, long packetNumber, TimeSpan now, TimeSpan probeTimeout, PathKeyPhase path)
    {
        if (keyPhase < KeyPhase)
        {
            return;
        }

        if (keyPhase > KeyPhase)
        {
            // Without a packet of ours in this phase the peer cannot know that its last update arrived.
            if (KeyPhase > 0 && _sealed == 0)
            {
                throw new TransportViolationException(TransportErrorCode.KeyUpdateError, 0, "keys were updated twice without confirmation");
            }

            Step();
        }

        if (!_hasOpened && _previousOpening is not null)
        {
            _previousExpires = now + (3 * probeTimeout);
            _nextUpdate = _previousExpires;
        }

        _hasOpened = true;
        path.At(KeyPhase);
        path.FirstOpened = Math.Min(path.FirstOpened, packetNumber);
    }

    private void Step()
    {
        _sealing.Dispose();
        Advance(_localSecret);
        _sealing = new PacketKey(_suite, _localSecret);
        _previousOpening?.Dispose();
        _previousOpening = _opening;
        _opening = _nextOpening;
        Advance(_nextPeerSecret);
        _nextOpening = new PacketKey(_suite, _nextPeerSecret);
        KeyPhase++;
        _hasOpened = false;
        _sealed = 0;
        _isAcknowledged = false;
        _previousExpires = TimeSpan.MaxValue;
    }

    private void DiscardExpired(TimeSpan now)
    {
        if (_previousOpening is not null && now >= _previousExpires)
        {
            _previousOpening.Dispose();
            _previousOpening = null;
        }
    }

    private void Advance(byte[] secret)
    {
        Span<byte> next = stackalloc byte[secret.Length];
        HkdfLabel.Expand(_suite.Hash, secret, "quic ku", [], next);
        next.CopyTo(secret);
        next.Clear();
    }
}
