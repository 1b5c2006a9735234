using System.Security.Cryptography;
using IrohRpc.Quic.Addresses;

namespace IrohRpc.Quic.NatTraversal;

/// <summary>
/// What a connection knows for n0's NAT traversal, without I/O and clock: the addresses of both sides, and the probes that make NATs let the other side in.
/// </summary>
/// <remarks>
/// The server tells its addresses (ADD_ADDRESS). The client decides when to try: it tells its own (REACH_OUT), and both send PATH_CHALLENGE to what they were
/// told, again and again for some seconds. Where an answer comes from, a path can be opened.
/// </remarks>
internal sealed class NatTraversalState
{
    /// <summary>How many addresses are taken from the peer.</summary>
    public const int MaxAddresses = 32;

    private const int MaxChallenges = 128;
    private const int MaxReflections = 8;

    // A client that starts rounds faster than this would have its server shower whomever it names.
    private static readonly TimeSpan LeastRoundInterval = TimeSpan.FromMilliseconds(200);

    private readonly bool _isServer;
    private readonly int _maxRemote;
    private readonly int _maxLocal;
    private readonly List<OfferedAddress> _local = [];
    private readonly List<ProbedAddress> _remote = [];
    private readonly List<UdpAddress> _reflections = [];
    private readonly Queue<(ulong Data, UdpAddress Address)> _challenges = new();
    private readonly List<long> _removed = [];
    private long _nextSequence;
    private TimeSpan _roundStartedAt = TimeSpan.MinValue;

    /// <summary>Starts without addresses.</summary>
    /// <param name="isServer">Whether this side is the server.</param>
    /// <param name="maxRemote">How many addresses this side takes.</param>
    /// <param name="maxLocal">How many the peer takes.</param>
    public NatTraversalState(bool isServer, int maxRemote, int maxLocal)
    {
        _isServer = isServer;
        _maxRemote = maxRemote;
        _maxLocal = maxLocal;
    }

    /// <summary>The number of the current round; the first is one.</summary>
    public long Round { get; private set; }

    /// <summary>Whether there is somebody to reach, and a way for the peer to come back.</summary>
    public bool CanStartRound => _local.Count > 0 || _remote.Count > 0;

    /// <summary>Whether ADD_ADDRESS, REMOVE_ADDRESS or REACH_OUT frames are to be sent.</summary>
    public bool HasFrames { get; private set; }

    /// <summary>The addresses that the peer is known by.</summary>
    public IEnumerable<UdpAddress> RemoteAddresses => _remote.Select(static remote => remote.Address);

    /// <summary>When the next probe is due.</summary>
    public TimeSpan NextProbe
    {
        get
        {
            TimeSpan next = _reflections.Count > 0 ? TimeSpan.Zero : TimeSpan.MaxValue;
            foreach (ProbedAddress remote in _remote)
            {
                next = remote.Probes > 0 && remote.Next < next ? remote.Next : next;
            }

            return next;
        }
    }

    /// <summary>Sets where the peer may find this side.</summary>
    /// <returns>Whether there is a new address.</returns>
    public bool SetLocal(IReadOnlyList<UdpAddress> addresses)
    {
        bool isNew = false;
        for (int i = _local.Count - 1; i >= 0; i--)
        {
            if (!addresses.Contains(_local[i].Address))
            {
                if (_isServer)
                {
                    _removed.Add(_local[i].Sequence);
                    HasFrames = true;
                }

                _local.RemoveAt(i);
            }
        }

        foreach (UdpAddress address in addresses)
        {
            if (_local.Count < _maxLocal && !_local.Exists(local => local.Address == address))
            {
                _local.Add(new OfferedAddress(address, _nextSequence++) { MustSend = _isServer });
                HasFrames |= _isServer;
                isNew = true;
            }
        }

        return isNew;
    }

    /// <summary>At a client: the server has told an address, or the dial knew it.</summary>
    /// <param name="address">The address.</param>
    /// <param name="sequence">Its number; null where the server has not told it.</param>
    /// <returns>Whether it is a new one.</returns>
    public bool AddRemote(in UdpAddress address, long? sequence)
    {
        if (!ProbedAddress.IsPossible(address))
        {
            return false;
        }

        UdpAddress wanted = address;
        int known = _remote.FindIndex(remote => remote.Address == wanted);
        if (known >= 0)
        {
            _remote[known].Sequence = sequence ?? _remote[known].Sequence;
            return false;
        }

        if (sequence is { } number && _remote.FindIndex(remote => remote.Sequence == number) is >= 0 and var other)
        {
            // The same number for another address is not allowed, and means that the server has moved.
            _remote.RemoveAt(other);
        }

        if (_remote.Count >= _maxRemote)
        {
            return false;
        }

        _remote.Add(new ProbedAddress(address) { Sequence = sequence });
        return true;
    }

    /// <summary>At a client: the server is not to be found there any more.</summary>
    public void RemoveRemote(long sequence) => _remote.RemoveAll(remote => remote.Sequence == sequence);

    /// <summary>At a client: tells the server to try this side's addresses, and tries the server's.</summary>
    public void StartRound(TimeSpan now)
    {
        Round++;
        _challenges.Clear();
        foreach (OfferedAddress local in _local)
        {
            local.MustSend = true;
            HasFrames = true;
        }

        foreach (ProbedAddress remote in _remote)
        {
            remote.Start(now);
        }
    }

    /// <summary>At a server: the client wants to be reached at an address.</summary>
    public void ReachOut(long round, in UdpAddress address, TimeSpan now)
    {
        if (round < Round || !ProbedAddress.IsPossible(address))
        {
            return;
        }

        if (round > Round)
        {
            Round = round;
            _remote.Clear();
            _challenges.Clear();
            _roundStartedAt = now > _roundStartedAt + LeastRoundInterval || _roundStartedAt == TimeSpan.MinValue ? now : _roundStartedAt + LeastRoundInterval;
        }

        UdpAddress wanted = address;
        if (_remote.Count < _maxRemote && !_remote.Exists(remote => remote.Address == wanted))
        {
            var remote = new ProbedAddress(address);
            remote.Start(_roundStartedAt > now ? _roundStartedAt : now);
            _remote.Add(remote);
        }
    }

    /// <summary>At a client: a probe of the server came from an address, so that one in return gets through.</summary>
    public void Reflect(in UdpAddress address)
    {
        if (_reflections.Count < MaxReflections && !_reflections.Contains(address))
        {
            _reflections.Add(address);
        }
    }

    /// <summary>Takes the next probe that is due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="address">Where it goes.</param>
    /// <param name="data">What its PATH_CHALLENGE carries.</param>
    public bool TryTakeProbe(TimeSpan now, out UdpAddress address, out ulong data)
    {
        data = 0;
        if (!TryTakeDue(now, out address))
        {
            return false;
        }

        Span<byte> random = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(random);
        data = BitConverter.ToUInt64(random);
        if (_challenges.Count == MaxChallenges)
        {
            _challenges.Dequeue();
        }

        _challenges.Enqueue((data, address));
        return true;
    }

    /// <summary>A PATH_RESPONSE has come.</summary>
    /// <returns>Whether it answers a probe: the peer is at the address.</returns>
    public bool TryTakeResponse(ulong data, in UdpAddress from)
    {
        if (!_challenges.Contains((data, from)))
        {
            return false;
        }

        foreach (ProbedAddress remote in _remote)
        {
            if (remote.Address == from)
            {
                remote.Probes = 0;
            }
        }

        return true;
    }

    /// <summary>No more probes in this round: there is a path.</summary>
    public void StopRound()
    {
        foreach (ProbedAddress remote in _remote)
        {
            remote.Probes = 0;
        }
    }

    /// <summary>The next frame to send.</summary>
    public bool TryTakeFrame(out NatTraversalFrame frame)
    {
        if (_removed.Count > 0)
        {
            frame = new NatTraversalFrame(NatTraversalFrameKind.RemoveAddress, _removed[^1], default);
            _removed.RemoveAt(_removed.Count - 1);
            return true;
        }

        foreach (OfferedAddress local in _local)
        {
            if (local.MustSend)
            {
                local.MustSend = false;
                frame = _isServer
                    ? new NatTraversalFrame(NatTraversalFrameKind.AddAddress, local.Sequence, local.Address)
                    : new NatTraversalFrame(NatTraversalFrameKind.ReachOut, Round, local.Address) { LocalSequence = local.Sequence };
                return true;
            }
        }

        HasFrames = false;
        frame = default;
        return false;
    }

    /// <summary>A frame was lost; it is sent again where it still holds.</summary>
    /// <param name="kind">What it was.</param>
    /// <param name="number">Its sequence number or round.</param>
    /// <param name="localSequence">Of REACH_OUT, which address it told.</param>
    public void HandleLost(NatTraversalFrameKind kind, long number, long localSequence)
    {
        if (kind == NatTraversalFrameKind.RemoveAddress)
        {
            _removed.Add(number);
            HasFrames = true;
            return;
        }

        long sequence = kind == NatTraversalFrameKind.AddAddress ? number : localSequence;
        if (kind == NatTraversalFrameKind.ReachOut && number != Round)
        {
            return;
        }

        if (_local.Find(local => local.Sequence == sequence) is { } lost)
        {
            lost.MustSend = true;
            HasFrames = true;
        }
    }

    private bool TryTakeDue(TimeSpan now, out UdpAddress address)
    {
        if (_reflections.Count > 0)
        {
            address = _reflections[^1];
            _reflections.RemoveAt(_reflections.Count - 1);
            return true;
        }

        foreach (ProbedAddress remote in _remote)
        {
            if (remote.Probes > 0 && remote.Next <= now)
            {
                remote.Sent(now);
                address = remote.Address;
                return true;
            }
        }

        address = default;
        return false;
    }
}
