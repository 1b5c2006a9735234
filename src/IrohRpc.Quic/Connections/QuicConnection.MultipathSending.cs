using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Paths;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Connections;

// What leaves on paths beside the selected one: acknowledgements of what came there, challenges, answers to them, and pings.
internal sealed partial class QuicConnection
{
    private int SendOnOtherPaths(Span<byte> buffer, out OutgoingDatagrams datagrams)
    {
        datagrams = default;
        MultipathState multipath = _multipath!;
        int written = 0;
        for (int i = 0; i < multipath.Paths.Count && written == 0; i++)
        {
            ConnectionPath path = multipath.Paths[i];
            if (path != multipath.Selected && path.IsOpen && !path.IsAbandoned && path.PeerIds.CurrentSequence >= 0)
            {
                SwitchTo(path);
                _isBesideSelected = true;
                written = SendOnPathBeside(buffer, out datagrams);
                _isBesideSelected = false;
                UpdateAmplificationLimit();
                ReturnToSelected();
            }
        }

        return written;
    }

    private int SendOnPathBeside(Span<byte> buffer, out OutgoingDatagrams datagrams)
    {
        int written = SendOffPath(buffer, out datagrams);
        if (written > 0)
        {
            return written;
        }

        _mark = _options.UsesEcn && _path.Congestion.Ecn.ShouldMark ? EcnCodepoint.Ect0 : EcnCodepoint.NotEct;
        written = SendBatch(buffer, ref datagrams);
        datagrams = new OutgoingDatagrams(_path.Path, _mark, datagrams.SegmentLength);
        return written;
    }

    private bool HasFramesBesideSelected(SpaceState space) => space.WantsPing || _path.MustSendChallenge || _path.HasResponses;

    private void WriteFramesBesideSelected(ref FrameWriter writer, SpaceState space)
    {
        WriteChallengeFrames(ref writer);
        if (space.WantsPing && !_hasUnrecordedFrames)
        {
            WritePing(ref writer);
        }

        space.WantsPing = false;
    }
}
