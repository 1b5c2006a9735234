using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// What became of packets that left.
internal sealed partial class QuicConnection
{
    void IRecoverySink.OnAcknowledged(PacketSpace space, in SentPacket packet)
    {
        PathOf(packet.Path)?.Congestion.OnAcknowledged(space, packet, _now);
        if (packet.LargestAcknowledged >= 0)
        {
            _spaces[(int)space].Received.OnAckAcknowledged(packet.LargestAcknowledged);
        }

        int frames = packet.Frames;
        while (_sentFrames.TryTake(ref frames, out SentFrame frame))
        {
            switch (frame.Kind)
            {
                case ConnectionFrameKind.Crypto:
                    _spaces[(int)space].Crypto.HandleAcknowledged(frame.Offset, frame.Length);
                    break;
                case ConnectionFrameKind.RetireConnectionId:
                    PeerIdsOf(frame.Length)?.HandleAcknowledged();
                    break;
                case ConnectionFrameKind.NewToken:
                    _newToken = null;
                    break;
                case ConnectionFrameKind.PathAbandon when _multipath?.Find(frame.Offset) is { } abandoned:
                    abandoned.IsAbandonKnown = true;
                    break;
                case < SentFrameKind.FirstOfConnection:
                    StreamMultiplexer.HandleAcknowledged(frame);
                    break;
            }
        }
    }

    void IRecoverySink.OnLost(PacketSpace space, in SentPacket packet)
    {
        Statistics.PacketsLost++;
        if (PathOf(packet.Path) is { } path)
        {
            path.PacketsLost++;
            path.Congestion.OnLost(space, packet, _now);
        }

        int frames = packet.Frames;
        while (_sentFrames.TryTake(ref frames, out SentFrame frame))
        {
            SendAgain(space, frame);
        }
    }

    void IRecoverySink.OnSpuriouslyLost(PacketSpace space, in SentPacket packet)
        => PathOf(packet.Path)?.Congestion.OnSpuriouslyLost(packet);

    void IRecoverySink.OnDiscarded(PacketSpace space, in SentPacket packet)
    {
        PathOf(packet.Path)?.Congestion.OnDiscarded(packet);
        _sentFrames.Free(packet.Frames);
    }

    void IRecoverySink.OnOutcome(in RecoveryOutcome outcome) => _path.Congestion.OnOutcome(outcome);

    private void SendAgain(PacketSpace space, in SentFrame frame)
    {
        switch (frame.Kind)
        {
            case ConnectionFrameKind.Crypto:
                _spaces[(int)space].Crypto.HandleLost(frame.Offset, frame.Length);
                break;
            case ConnectionFrameKind.HandshakeDone:
                _mustSendHandshakeDone = true;
                break;
            case ConnectionFrameKind.NewConnectionId or ConnectionFrameKind.RetireConnectionId or ConnectionFrameKind.MaxPathId
                or ConnectionFrameKind.PathAbandon or ConnectionFrameKind.PathStatus:
                SendPathFrameAgain(frame);
                break;
            case ConnectionFrameKind.ObservedAddress:
                _mustSendObserved = true;
                break;
            case ConnectionFrameKind.AddAddress or ConnectionFrameKind.RemoveAddress or ConnectionFrameKind.ReachOut:
                SendNatFrameAgain(frame);
                break;
            case ConnectionFrameKind.NewToken:
                _mustSendNewToken = _newToken is not null;
                break;
            case < SentFrameKind.FirstOfConnection:
                Streams.HandleLost(frame);
                break;
        }
    }

    // A probe carries again what was sent longest ago and not acknowledged, so that it helps if that was lost.
    private void PrepareProbe(SpaceState space)
    {
        if (_recovery.TryGetOldest(space.Space, out SentPacket packet))
        {
            for (int index = packet.Frames; index != SentFrames.None;)
            {
                ref readonly SentFrame frame = ref _sentFrames.Peek(ref index);
                if (frame.Kind != ConnectionFrameKind.RetireConnectionId)
                {
                    SendAgain(space.Space, frame);
                }
            }
        }

        space.WantsPing = true;
    }
}
