using System.Security.Cryptography;
using IrohRpc.Multiplexing.Streams;
using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;
using IrohRpc.Quic.Paths;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Connections;

// Going over to another path: on the own initiative, or after the peer (RFC 9000, section 9).
internal sealed partial class QuicConnection
{
    /// <summary>
    /// Goes over to another path on this side's own initiative (RFC 9000, section 9.2): at once where the old one is gone, otherwise once the new one is
    /// known to work.
    /// </summary>
    /// <param name="path">The new path; its remote end is the peer's as before.</param>
    /// <param name="isOldPathGone">Whether packets take the new path without waiting for its validation.</param>
    /// <returns>
    /// Whether the migration started; not before the handshake is confirmed, at a server, where the peer forbids it or has given no further id.
    /// </returns>
    public bool TryMigrate(in NetworkPath path, bool isOldPathGone)
    {
        if (IsServer || !IsConfirmed || State != ConnectionState.Open || PeerParameters!.DisableActiveMigration
            || !_peerIds.TryUseSpare(out ConnectionId id, out long sequence))
        {
            return false;
        }

        PathState target = CreatePath(path);
        target.PeerId = id;
        target.PeerIdSequence = sequence;
        target.IsValidated = true;
        target.StartValidation(NewChallenge());
        if (isOldPathGone)
        {
            GoOver(target, fallback: null);
        }
        else
        {
            AddOtherPath(target);
        }

        return true;
    }

    private void MoveUnvalidatedPath(in NetworkPath path)
    {
        _path.Path = path;
        UpdateAmplificationLimit();
    }

    // The newest packet came from elsewhere, and does more than probe: the client has moved, or its NAT did (RFC 9000, section 9.3).
    private void FollowPeer(in NetworkPath path, int datagramLength, in ConnectionId destination)
    {
        if (_path.Path.Matches(path) || !IsServer || !IsConfirmed || State != ConnectionState.Open)
        {
            return;
        }

        PathState? target = FindPath(path);
        if (target is null)
        {
            // The same host behind another port is most likely the same path: what it carries stays known, under the same number.
            target = path.Remote.HasSameHost(_path.Path.Remote)
                ? new PathState(_path.Number, path, _path.Congestion)
                : CreatePath(path);
            target.CountReceived(datagramLength);
        }

        if (!target.IsValidated)
        {
            target.StartValidation(NewChallenge());
        }

        // Where the peer really is, it still answers at the old address: whoever copied its packets to another one is found out.
        PathState? fallback = _path.IsValidated ? _path : _fallback;
        if (fallback == _path)
        {
            fallback.StartValidation(NewChallenge());
        }

        GoOver(target, fallback);
    }

    private void GoOver(PathState target, PathState? fallback)
    {
        PathState before = _path;
        _otherPaths.Remove(target);
        _fallback = fallback;
        if (fallback is not null && fallback == before)
        {
            before.PeerId = _peerIds.Current;
            before.PeerIdSequence = _peerIds.CurrentSequence;
            AddOtherPath(before);
        }

        long idBefore = _peerIds.CurrentSequence;
        if (target.PeerIdSequence >= 0)
        {
            _peerIds.SetCurrent(target.PeerId, target.PeerIdSequence);
        }
        else if (_peerIds.TryUseSpare(out ConnectionId id, out long sequence))
        {
            // Nobody who sees both paths shall know that they are of one connection (RFC 9000, section 9.5).
            _peerIds.SetCurrent(id, sequence);
        }

        if (fallback != before && idBefore != _peerIds.CurrentSequence)
        {
            _peerIds.Retire(idBefore);
        }

        _path = target;
        _recovery.OnPathChanged(target.Number, target.Congestion.Rtt);
        Statistics.PathChanges++;
        _events |= ConnectionEvents.PathChanged;
        ReportAddress();
        UpdateAmplificationLimit();
    }

    private void AddOtherPath(PathState path)
    {
        if (_otherPaths.Contains(path))
        {
            return;
        }

        if (_otherPaths.Count == MaxOtherPaths)
        {
            Drop(_otherPaths.Find(other => other != _fallback)!);
        }

        _otherPaths.Add(path);
    }

    private void Drop(PathState path)
    {
        _otherPaths.Remove(path);
        if (path.PeerIdSequence >= 0 && path.PeerIdSequence != _peerIds.CurrentSequence)
        {
            _peerIds.Retire(path.PeerIdSequence);
        }
    }
}
