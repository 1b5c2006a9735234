using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Recovery;

namespace IrohRpc.Quic.Connections;

// Where else the server may be: a client goes over from a relay to a direct path that works, and to the relay when the direct path falls silent.
internal sealed partial class QuicConnection
{
    /// <summary>How many addresses of the peer a client keeps.</summary>
    public const int MaxCandidates = 32;

    // As long as three probes in a row go unanswered, and no shorter, since a busy machine is silent too.
    private const int ProbesUntilSilent = 3;

    private static readonly TimeSpan LeastSilence = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FirstUpgradeInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestUpgradeInterval = TimeSpan.FromSeconds(60);

    private List<UdpAddress>? _candidates;
    private TimeSpan _upgradeInterval = FirstUpgradeInterval;
    private TimeSpan _nextUpgrade = TimeSpan.Zero;
    private int _nextCandidate;

    /// <summary>Tells a client where else its server may be. Whoever answers there has to know the keys.</summary>
    /// <param name="addresses">The addresses; of more than <see cref="MaxCandidates"/> the rest is left out.</param>
    public void AddCandidates(IEnumerable<UdpAddress> addresses)
    {
        if (IsServer)
        {
            return;
        }

        _candidates ??= [];
        foreach (UdpAddress address in addresses)
        {
            if (_candidates.Count < MaxCandidates && !_candidates.Contains(address))
            {
                _candidates.Add(address);
            }
        }

        AddCandidatesToNatTraversal();
        LookForDirectPath(FirstUpgradeInterval, TimeSpan.Zero);
    }

    /// <summary>
    /// The machine's network may have changed: the current path is tried at once, from another local address where its own is gone, and a client looks for a
    /// better one.
    /// </summary>
    /// <param name="isLocal">Whether this machine has an address still.</param>
    /// <param name="now">The time.</param>
    public void HandleNetworkChanged(Predicate<UdpAddress> isLocal, TimeSpan now)
    {
        _now = now;
        if (State is not (ConnectionState.Handshaking or ConnectionState.Open))
        {
            return;
        }

        if (_multipath is { } multipath)
        {
            for (int i = 0; i < multipath.Paths.Count; i++)
            {
                if (multipath.Paths[i] is { IsOpen: true, IsAbandoned: false } path)
                {
                    SwitchTo(path);
                    LeaveLostAddress(isLocal);
                    Application.WantsPing = true;
                }
            }

            ReturnToSelected();
            _wantsRound = true;
        }
        else
        {
            LeaveLostAddress(isLocal);
        }

        Ping();
        LookForDirectPath(FirstUpgradeInterval, TimeSpan.Zero);
    }

    private void LeaveLostAddress(Predicate<UdpAddress> isLocal)
    {
        UdpAddress local = _path.Path.Local;
        if (!local.IsUnspecified && !isLocal(local) && !TryMigrate(new NetworkPath(_path.Path.Remote), isOldPathGone: true))
        {
            // Nobody forbids to send the same path's packets from where the machine is now; the peer follows, or challenges.
            _path.Path = new NetworkPath(_path.Path.Remote);
        }
    }

    private TimeSpan UpgradeDeadline
        => _candidates is not null && _multipath is null && IsConfirmed && State == ConnectionState.Open && _path.Path.Remote.Relayed is not null && _peerIds.HasSpare
            && _candidates.Exists(static candidate => candidate.Relayed is null)
            ? _nextUpgrade
            : TimeSpan.MaxValue;

    private bool IsSilent => _recovery.ProbeTimeoutCount >= ProbesUntilSilent && _sentSinceReceived is { } since && _now - since >= LeastSilence;

    private void LookForDirectPath(TimeSpan interval, TimeSpan at)
    {
        _upgradeInterval = interval;
        _nextUpgrade = at;
    }

    private void HandleCandidates()
    {
        if (UpgradeDeadline <= _now)
        {
            _nextUpgrade = _now + _upgradeInterval;
            _upgradeInterval = Min(2 * _upgradeInterval, LongestUpgradeInterval);
            TryCandidates(static candidate => candidate.Relayed is null);
        }

        if (_candidates is not null && _multipath is null && IsConfirmed && _path.Path.Remote.Relayed is null && IsSilent)
        {
            UdpAddress relay = _candidates.Find(static candidate => candidate.Relayed is not null);
            if (relay.Relayed is not null && TryMigrate(new NetworkPath(relay), isOldPathGone: true))
            {
                LookForDirectPath(FirstUpgradeInterval, _now + FirstUpgradeInterval);
            }
        }
    }

    private void TryCandidates(Predicate<UdpAddress> condition)
    {
        for (int i = 0; i < _candidates!.Count && _otherPaths.Count < MaxOtherPaths && _peerIds.HasSpare; i++)
        {
            // Each time another one comes first: there are more addresses than ids.
            var path = new NetworkPath(_candidates[_nextCandidate++ % _candidates.Count]);
            if (condition(path.Remote) && FindPath(path) is null)
            {
                TryMigrate(path, isOldPathGone: false);
            }
        }
    }
}
