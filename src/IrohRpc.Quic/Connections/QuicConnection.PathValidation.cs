using System.Security.Cryptography;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Paths;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Connections;

// Whether the peer is really at the other end of a path (RFC 9000, section 8.2).
internal sealed partial class QuicConnection
{
    private TimeSpan ValidationTimeout => Max(_recovery.ProbeTimeout, RttEstimator.DefaultInitial);

    private static ulong NewChallenge()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToUInt64(bytes);
    }

    private void ReceivePathChallenge(ulong data, in NetworkPath path)
    {
        PathState? state = FindPath(path);
        if (state is null)
        {
            state = CreatePath(path);
            state.CountReceived(MinInitialDatagramLength / 3);
            AddOtherPath(state);
        }

        state.Respond(data);
        if (_nat is not null && !IsServer && state != _path)
        {
            _nat.Reflect(path.Remote);
        }
    }

    private void ReceivePathResponse(ulong data, in NetworkPath network)
    {
        if (_multipath is not { } multipath)
        {
            TryValidate(data);
            return;
        }

        if (_nat?.TryTakeResponse(data, network.Remote) == true)
        {
            HandleNatResponse(network);
            return;
        }

        // An answer may come on another path than the one that it is about.
        ConnectionPath before = multipath.Active;
        for (int i = 0; i < multipath.Paths.Count; i++)
        {
            if (multipath.Paths[i] is { IsOpen: true, IsAbandoned: false } path)
            {
                SwitchTo(path);
                if (TryValidate(data))
                {
                    break;
                }
            }
        }

        SwitchTo(before);
    }

    private bool TryValidate(ulong data)
    {
        if (_path.TryValidate(data, NewChallenge()))
        {
            UpdateAmplificationLimit();
            DiscoverMtu();
            DropFallback();
            HandlePathValidated();
            return true;
        }

        foreach (PathState other in _otherPaths)
        {
            if (!other.TryValidate(data, NewChallenge()))
            {
                continue;
            }

            if (other != _fallback && !IsServer)
            {
                // This side's own migration: the new path works.
                PathState before = _path;
                GoOver(other, fallback: null);
                before.StopValidation();
                DiscoverMtu();
            }

            return true;
        }

        return false;
    }

    private void DropFallback()
    {
        if (_fallback is { } fallback)
        {
            _fallback = null;
            Drop(fallback);
        }
    }

    private void HandlePathTimeouts()
    {
        if (_path.Deadline <= _now && _path.HandleTimeout())
        {
            PathState failed = _path;
            if (_fallback is { } fallback)
            {
                GoOver(fallback, fallback: null);
            }
            else if (_multipath is { } multipath)
            {
                HandleValidationFailed(multipath.Active);
            }
            else if (!failed.IsValidated)
            {
                CloseForViolation((long)TransportErrorCode.NoViablePath, 0, "the peer does not answer at its new address", null);
            }
        }

        for (int i = _otherPaths.Count - 1; i >= 0; i--)
        {
            PathState other = _otherPaths[i];
            if (other.Deadline <= _now && other.HandleTimeout() && other != _fallback)
            {
                Drop(other);
            }
        }
    }

    // Probes and answers on paths beside the current one, one datagram at a time.
    private int SendOffPath(Span<byte> buffer, out OutgoingDatagrams datagrams)
    {
        datagrams = default;
        if (_otherPaths.Count == 0 || _oneRtt is null)
        {
            return 0;
        }

        foreach (PathState path in _otherPaths)
        {
            int length = (int)Math.Min(path.Allowance, TransportParameters.MinUdpPayloadSize);
            if ((!path.MustSendChallenge && !path.HasResponses) || length < MinPacketRoom)
            {
                continue;
            }

            Span<byte> datagram = buffer[..length];
            PacketInProgress packet = default;
            ConnectionId destination = path.PeerIdSequence >= 0 ? path.PeerId : _peerIds.Current;
            if (!TryBegin(ref packet, Application, PacketType.OneRtt, datagram, 0, destination))
            {
                continue;
            }

            FrameWriter writer = PayloadWriter(packet, datagram);
            while (path.HasResponses && writer.Room > PathDataLength)
            {
                WritePathData(ref writer, QuicFrameType.PathResponse, path.TakeResponse());
            }

            if (path.MustSendChallenge && writer.Room > PathDataLength)
            {
                WritePathData(ref writer, QuicFrameType.PathChallenge, path.TakeChallenge(length, _now, ValidationTimeout));
            }

            EndFrames(ref packet, datagram, writer.Written);
            packet.Flags = SentPacketFlags.AckEliciting | SentPacketFlags.InFlight;
            length = Pad(ref packet, datagram, packet.Length, length);
            Finish(packet, datagram, path);
            CountSent(path, length);
            datagrams = new OutgoingDatagrams(path.Path, EcnCodepoint.NotEct, length);
            if (!path.IsValidating && !path.HasResponses && path != _fallback)
            {
                _otherPaths.Remove(path);
            }

            return length;
        }

        return 0;
    }
}
