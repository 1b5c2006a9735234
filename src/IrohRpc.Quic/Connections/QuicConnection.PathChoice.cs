using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Paths;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Connections;

// Which of several paths carries the application's data, and which are given up. As iroh has it: a relay is for when there is nothing better, IPv6 is preferred a
// little, and a path has to be five milliseconds better than the one in use.
internal sealed partial class QuicConnection
{
    private static readonly TimeSpan Hysteresis = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan AdvantageOfIPv6 = TimeSpan.FromMilliseconds(3);

    // Well before iroh gives up a path of whose peer it hears nothing: 15 seconds, 30 through a relay.
    private static readonly TimeSpan PathKeepAlive = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan AbandonRetry = TimeSpan.FromSeconds(1);

    private void ChoosePath()
    {
        MultipathState multipath = _multipath!;
        ConnectionPath? best = null;
        foreach (ConnectionPath path in multipath.Paths)
        {
            if (path.IsAvailable && (best is null || IsBetter(path, best, TimeSpan.Zero)))
            {
                best = path;
            }
        }

        ConnectionPath selected = multipath.Selected;
        if (best is not null && best != selected && (!selected.IsAvailable || IsBetter(best, selected, Hysteresis)))
        {
            bool isLeftForSilence = selected.IsAvailable && selected.IsSilent(_now);
            Select(best);
            if (isLeftForSilence && !IsServer)
            {
                Abandon(selected, ExtensionNumbers.AbandonedAsUnstable);
                LookForDirectPath(FirstUpgradeInterval, _now + FirstUpgradeInterval);
            }
        }
        else if (best is null && selected.IsAbandoned)
        {
            // A path may be under way to being usable; how long it is waited for is the idle time-out's affair.
            if (multipath.Paths.Find(static path => path.IsOpen && !path.IsAbandoned && path.PeerIds.CurrentSequence >= 0) is { } hope)
            {
                multipath.NoPathDeadline = TimeSpan.MaxValue;
                Select(hope);
            }
            else if (multipath.NoPathDeadline == TimeSpan.MaxValue)
            {
                // The peer has given up the last one, and may be about to open another, which takes as long as the path is.
                multipath.NoPathDeadline = _now + (ProbeTimeoutsToIdle * Max(_recovery.ProbeTimeout, RttEstimator.DefaultInitial));
            }
        }

        if (!IsServer && multipath.Selected.IsAvailable)
        {
            CloseSurplusPaths(multipath);
        }
    }

    // One direct path is enough, and the relay is there for when it fails. A path is judged once its round trip is known, and not before the peer takes it too: it
    // may not have found it to work yet, and would be left with none if it never does.
    private void CloseSurplusPaths(MultipathState multipath)
    {
        ConnectionPath selected = multipath.Selected;
        if (IsRelayed(selected) || !selected.IsUsedByPeer || selected.IsSilent(_now) || !NetworkOf(selected).Congestion.Rtt.HasSample)
        {
            return;
        }

        for (int i = multipath.Paths.Count - 1; i >= 0 && i < multipath.Paths.Count; i--)
        {
            ConnectionPath path = multipath.Paths[i];
            if (path != selected && path.IsAvailable && !IsRelayed(path) && NetworkOf(path).Congestion.Rtt.HasSample)
            {
                Abandon(path, ExtensionNumbers.AbandonedByApplication);
            }
        }
    }

    private bool IsRelayed(ConnectionPath path) => NetworkOf(path).Path.Remote.Relayed is not null;

    private bool IsBetter(ConnectionPath one, ConnectionPath other, TimeSpan byMoreThan)
    {
        int rank = RankOf(one);
        int otherRank = RankOf(other);
        if (rank != otherRank)
        {
            return rank < otherRank;
        }

        RttEstimator rtt = NetworkOf(one).Congestion.Rtt;
        RttEstimator otherRtt = NetworkOf(other).Congestion.Rtt;
        return rtt.HasSample && otherRtt.HasSample && Biased(one, rtt) + byMoreThan < Biased(other, otherRtt);
    }

    // A server goes by what its client wants; a client decides.
    private int RankOf(ConnectionPath path)
        => (path.IsSilent(_now) ? 4 : 0) + (IsServer && path.IsBackupForPeer ? 2 : 0) + (IsRelayed(path) ? 1 : 0);

    private TimeSpan Biased(ConnectionPath path, RttEstimator rtt)
        => rtt.Smoothed - (NetworkOf(path).Path.Remote.IsIPv6 ? AdvantageOfIPv6 : TimeSpan.Zero);

    private TimeSpan MultipathTimeout
    {
        get
        {
            MultipathState multipath = _multipath!;
            TimeSpan next = multipath.NoPathDeadline;
            foreach (ConnectionPath path in multipath.Paths)
            {
                next = Min(next, path.DiscardAt);
                if (!path.IsOpen || path.IsAbandoned)
                {
                    continue;
                }

                PathState network = NetworkOf(path);
                next = Min(next, path.IdleDeadline(network));
                if (path == multipath.Active || path.PeerIds.CurrentSequence < 0)
                {
                    // The selected path's are asked for elsewhere. Without an id of the peer nothing can be sent.
                    continue;
                }

                next = Min(next, Min(network.Deadline, Min(path.Recovery!.NextTimeout, path.KeepAliveAt)));
                if (!path.Recovery.IsAmplificationLimited)
                {
                    next = Min(next, path.Space!.Received.AckDeadline);
                }

                foreach (PathState other in path.Others)
                {
                    next = Min(next, other.Deadline);
                }
            }

            return next;
        }
    }

    private void HandleMultipathTimeouts()
    {
        MultipathState multipath = _multipath!;
        for (int i = multipath.Paths.Count - 1; i >= 0; i--)
        {
            ConnectionPath path = multipath.Paths[i];
            if (path.DiscardAt <= _now && !path.IsAbandonKnown)
            {
                // To a peer that does not know yet, an id that leads nowhere would look as if the connection were lost.
                path.DiscardAt = _now + AbandonRetry;
            }
            else if (path.DiscardAt <= _now)
            {
                multipath.Discard(path);
                multipath.IssueIds(PathsAhead, IdsPerPath);
            }
            else if (path.IsOpen && !path.IsAbandoned)
            {
                HandleTimeouts(path);
            }

            if (State != ConnectionState.Open)
            {
                return;
            }

            i = Math.Min(i, multipath.Paths.Count);
        }

        if (multipath.NoPathDeadline <= _now)
        {
            multipath.NoPathDeadline = TimeSpan.MaxValue;
            CloseForViolation((long)TransportErrorCode.NoViablePath, 0, "no path to the peer is left", null);
            return;
        }

        ChoosePath();
    }

    private void HandleTimeouts(ConnectionPath path)
    {
        if (path != _multipath!.Selected)
        {
            SwitchTo(path);
            if (_recovery.NextTimeout <= _now)
            {
                _recovery.OnTimeout(_now);
            }

            HandlePathTimeouts();
            if (path.KeepAliveAt <= _now)
            {
                path.KeepAliveAt = _now + KeepAliveOfOthers;
                Application.WantsPing = true;
            }

            ReturnToSelected();
        }

        // The last path is the idle time-out's affair.
        if (!path.IsAbandoned && path.IdleDeadline(NetworkOf(path)) <= _now)
        {
            if (_multipath.Paths.Exists(other => other != path && other.IsAvailable))
            {
                Abandon(path, ExtensionNumbers.AbandonedAsUnstable);
            }
            else
            {
                path.UnansweredSince = null;
            }
        }
    }
}
