using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Connections;
using IrohRpc.Quic.Protection;
using IrohRpc.Quic.Recovery;
using IrohRpc.Quic.Spaces;

namespace IrohRpc.Quic.Paths;

/// <summary>
/// One path of a connection that has several (draft-ietf-quic-multipath): the ids that both sides issued for it, and, once it is open, its own packet numbers,
/// loss recovery and network path.
/// </summary>
/// <remarks>
/// While the connection works on the path, <see cref="Network"/> and <see cref="Fallback"/> stand in the connection's own fields;
/// <see cref="QuicConnection"/> puts them back.
/// </remarks>
internal sealed class ConnectionPath
{
    private static readonly TimeSpan LongestDirectSilence = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestRelayedSilence = TimeSpan.FromSeconds(30);

    // As long as three probes in a row go unanswered, and no shorter, since a busy machine is silent too.
    private const int ProbesUntilSilent = 3;
    private static readonly TimeSpan LeastSilence = TimeSpan.FromMilliseconds(500);

    private long _peerStatusSequence = -1;

    /// <summary>Prepares a path: its ids may be exchanged before it is open.</summary>
    public ConnectionPath(long id, LocalConnectionIds localIds, PeerConnectionIds peerIds)
    {
        Id = id;
        LocalIds = localIds;
        PeerIds = peerIds;
        KeyPhase = new PathKeyPhase((uint)id);
    }

    /// <summary>The path id.</summary>
    public long Id { get; }

    /// <summary>The ids by which the peer addresses this side on this path.</summary>
    public LocalConnectionIds LocalIds { get; }

    /// <summary>The ids by which this side addresses the peer on this path.</summary>
    public PeerConnectionIds PeerIds { get; }

    /// <summary>Which packet numbers the current keys have protected.</summary>
    public PathKeyPhase KeyPhase { get; }

    /// <summary>Where its packets go; null until it is open.</summary>
    public PathState? Network { get; set; }

    /// <summary>Addresses beside that one which are answered or tried under this path's id.</summary>
    public List<PathState> Others { get; set; } = [];

    /// <summary>Where the path goes back to if a change of the peer's address turns out wrong.</summary>
    public PathState? Fallback { get; set; }

    /// <summary>Its loss recovery; null until it is open.</summary>
    public LossRecovery? Recovery { get; set; }

    /// <summary>What it has received; null until it is open.</summary>
    public SpaceState? Space { get; set; }

    /// <summary>Whether a packet of the peer has authentically opened it, or this side has.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether the peer has answered a challenge on it.</summary>
    public bool IsUsable { get; set; }

    /// <summary>Whether the peer has sent streams on it, which it does only where its own challenge was answered too.</summary>
    public bool IsUsedByPeer { get; set; }

    /// <summary>Whether one of the sides has given it up. It is kept for a while for packets that are still on their way.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>Whether the peer knows that it is given up: nothing of the peer's comes on it any more for long.</summary>
    public bool IsAbandonKnown { get; set; }

    /// <summary>When nothing more is expected on an abandoned path.</summary>
    public TimeSpan DiscardAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>When the peer is to be asked on it for the next time, where it is not the selected one.</summary>
    public TimeSpan KeepAliveAt { get; set; } = TimeSpan.MaxValue;

    /// <summary>Since when the peer has owed an answer on this path; null where it owes none.</summary>
    public TimeSpan? UnansweredSince { get; set; }

    /// <summary>Whether the peer wants it to be used only where nothing better is there.</summary>
    public bool IsBackupForPeer { get; private set; }

    /// <summary>The last status that this side told the peer; null where it has told none.</summary>
    public bool? IsToldBackup { get; private set; }

    /// <summary>The sequence number of the next status that this side tells.</summary>
    public long StatusSequence { get; private set; }

    /// <summary>Whether the status is to be told.</summary>
    public bool MustSendStatus { get; set; }

    /// <summary>Whether PATH_ABANDON is to be sent.</summary>
    public bool MustSendAbandon { get; set; }

    /// <summary>Why it was abandoned.</summary>
    public long AbandonCode { get; set; }

    /// <summary>Whether PATH_CIDS_BLOCKED is to be sent: it cannot be opened without an id of the peer.</summary>
    public bool MustSendCidsBlocked { get; set; }

    /// <summary>Whether application data may take it.</summary>
    public bool IsAvailable => IsOpen && IsUsable && !IsAbandoned;

    /// <summary>Whether the peer does not answer any more, as far as one can tell.</summary>
    public bool IsSilent(TimeSpan now)
        => Recovery!.ProbeTimeoutCount >= ProbesUntilSilent && UnansweredSince is { } since && now - since >= LeastSilence;

    /// <summary>When a path whose peer owes an answer is given up, selected or not.</summary>
    public TimeSpan IdleDeadline(PathState network)
        => UnansweredSince is { } since ? since + (network.Path.Remote.Relayed is not null ? LongestRelayedSilence : LongestDirectSilence) : TimeSpan.MaxValue;

    /// <summary>The peer has told its wish; one that an earlier packet told is out of date.</summary>
    public void SetPeerStatus(bool isBackup, long sequence)
    {
        if (sequence > _peerStatusSequence)
        {
            _peerStatusSequence = sequence;
            IsBackupForPeer = isBackup;
        }
    }

    /// <summary>Has the peer told how this side uses the path, where that is news.</summary>
    public void TellStatus(bool isBackup)
    {
        if (IsToldBackup != isBackup)
        {
            IsToldBackup = isBackup;
            StatusSequence++;
            MustSendStatus = true;
        }
    }
}
