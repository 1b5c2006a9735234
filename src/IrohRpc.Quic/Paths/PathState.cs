using IrohRpc.Quic.Addresses;
using IrohRpc.Quic.Congestion;
using IrohRpc.Quic.ConnectionIds;
using IrohRpc.Quic.Packets;
using IrohRpc.Quic.Parameters;

namespace IrohRpc.Quic.Paths;

/// <summary>One path of a connection: whether the peer is known to be there (RFC 9000, section 8), and what the path carries.</summary>
internal sealed class PathState(int number, NetworkPath path, PathCongestion congestion)
{
    /// <summary>How many answers to PATH_CHALLENGE wait at most; of more, the oldest is dropped.</summary>
    public const int MaxResponses = 4;

    private const int AmplificationFactor = 3;
    private const int MaxChallenges = 4;

    private Queue<ulong>? _responses;
    private ulong _challenge;
    private int _challengesSent;
    private bool _wasChallengeSmall;

    /// <summary>The number by which recovery knows the path.</summary>
    public int Number { get; } = number;

    /// <summary>Its two ends.</summary>
    public NetworkPath Path { get; set; } = path;

    /// <summary>What it carries.</summary>
    public PathCongestion Congestion { get; } = congestion;

    /// <summary>The peer's id on a path beside the current one; the current one's is in <see cref="PeerConnectionIds"/>.</summary>
    public ConnectionId PeerId { get; set; }

    /// <summary>The sequence number of <see cref="PeerId"/>.</summary>
    public long PeerIdSequence { get; set; } = -1;

    /// <summary>Whether the peer is known to receive what is sent here.</summary>
    public bool IsValidated { get; set; }

    /// <summary>Whether an answer to a challenge is awaited, or a challenge is to be sent.</summary>
    public bool IsValidating { get; private set; }

    /// <summary>Whether a PATH_CHALLENGE is to be sent.</summary>
    public bool MustSendChallenge { get; private set; }

    /// <summary>Whether PATH_RESPONSE frames are to be sent.</summary>
    public bool HasResponses => _responses is { Count: > 0 };

    /// <summary>When <see cref="HandleTimeout"/> wants to be called.</summary>
    public TimeSpan Deadline { get; private set; } = TimeSpan.MaxValue;

    /// <summary>How many bytes may still be sent before the peer is known to be there.</summary>
    public long Allowance => IsValidated ? long.MaxValue : Math.Max(0, (AmplificationFactor * Received) - Sent);

    /// <summary>How many bytes of datagrams have come.</summary>
    public long Received { get; private set; }

    /// <summary>How many packets were taken for lost.</summary>
    public long PacketsLost { get; set; }

    /// <summary>How many bytes of datagrams have left.</summary>
    public long Sent { get; private set; }

    /// <summary>Counts a datagram in.</summary>
    public void CountReceived(int bytes) => Received += bytes;

    /// <summary>Counts a datagram out.</summary>
    public void CountSent(int bytes) => Sent += bytes;

    /// <summary>Starts to find out whether the peer is there.</summary>
    public void StartValidation(ulong challenge)
    {
        _challenge = challenge;
        _challengesSent = 0;
        IsValidating = true;
        MustSendChallenge = true;
        Deadline = TimeSpan.MaxValue;
    }

    /// <summary>A PATH_CHALLENGE leaves.</summary>
    /// <param name="datagramLength">How long its datagram is: a short one shows that the peer is there and not that the path carries enough.</param>
    /// <param name="now">The time.</param>
    /// <param name="timeout">How long an answer takes at most.</param>
    /// <returns>What the frame carries.</returns>
    public ulong TakeChallenge(int datagramLength, TimeSpan now, TimeSpan timeout)
    {
        MustSendChallenge = false;
        _challengesSent++;
        _wasChallengeSmall = datagramLength < TransportParameters.MinUdpPayloadSize;
        Deadline = now + timeout;
        return _challenge;
    }

    /// <summary>A PATH_RESPONSE has come.</summary>
    /// <param name="data">What it carries.</param>
    /// <param name="next">What a further challenge would carry.</param>
    /// <returns>Whether it answers the challenge: the path is validated.</returns>
    public bool TryValidate(ulong data, ulong next)
    {
        if (!IsValidating || _challengesSent == 0 || data != _challenge)
        {
            return false;
        }

        IsValidated = true;
        IsValidating = false;
        MustSendChallenge = false;
        Deadline = TimeSpan.MaxValue;
        if (_wasChallengeSmall)
        {
            StartValidation(next);
        }

        return true;
    }

    /// <summary>No answer came in time.</summary>
    /// <returns>Whether the path is given up; otherwise another challenge is sent.</returns>
    public bool HandleTimeout()
    {
        Deadline = TimeSpan.MaxValue;
        if (_challengesSent < MaxChallenges)
        {
            MustSendChallenge = true;
            return false;
        }

        IsValidating = false;
        return true;
    }

    /// <summary>Stops waiting for an answer.</summary>
    public void StopValidation()
    {
        IsValidating = false;
        MustSendChallenge = false;
        Deadline = TimeSpan.MaxValue;
    }

    /// <summary>A PATH_CHALLENGE has come over this path.</summary>
    public void Respond(ulong data)
    {
        _responses ??= new Queue<ulong>();
        if (_responses.Count == MaxResponses)
        {
            _responses.Dequeue();
        }

        _responses.Enqueue(data);
    }

    /// <summary>The next PATH_RESPONSE to send.</summary>
    public ulong TakeResponse() => _responses!.Dequeue();
}
