using System.Net;
using System.Net.Sockets;
using IrohRpc.Transports;

namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>An address and the transport that tries it.</summary>
internal sealed record DialCandidate(ITransport Transport, TransportAddress Address)
{
    /// <summary>The transport and the address: <c>tls 127.0.0.1:443</c>.</summary>
    public override string ToString()
        => $"{Transport.Name} {(Address.TryGetIPEndPoint(out IPEndPoint? endPoint) ? endPoint : Address)}";
}

/// <summary>An address that is not tried, and why.</summary>
internal sealed record SkippedAddress(TransportAddress Address, string Reason);

/// <summary>In which order the addresses of a peer are tried, and which are not.</summary>
/// <remarks>
/// Within a transport, IPv6 and IPv4 take turns, IPv6 first (RFC 8305, section 4). The first transport leads with two addresses, one of each
/// family as a rule; then the transports take turns, so that a peer with many addresses is not out of reach of the second transport for long. The
/// address that was good last goes before all. A relay is tried beside the first address, since it takes the longer way and is there where no other is. Of more addresses than are tried, chance chooses, so that another dial tries others.
/// </remarks>
internal sealed class DialPlan
{
    /// <summary>How many addresses of a peer are tried: a ticket comes from a stranger, and is no order to scan a network.</summary>
    public const int MaxCandidates = 32;

    // A peer has one home, and for a while two where it moves.
    private const int MaxRelaysAtOnce = 2;

    private const int Lead = 2;

    private readonly IReadOnlyList<ITransport> _transports;
    private readonly List<DialCandidate> _candidates;
    private readonly List<SkippedAddress> _skipped;
    private readonly HashSet<TransportAddress> _known;

    private DialPlan(
        IReadOnlyList<ITransport> transports, HashSet<TransportAddress> known, List<DialCandidate> candidates, List<SkippedAddress> skipped)
    {
        _transports = transports;
        _known = known;
        _candidates = candidates;
        _skipped = skipped;
    }

    public IReadOnlyList<DialCandidate> Candidates => _candidates;

    /// <summary>How many of the first candidates start together: one, and beside it the relays.</summary>
    public int AtOnce { get; private init; }

    public IReadOnlyList<SkippedAddress> Skipped => _skipped;

    /// <summary>Adds addresses that were found later, behind those that there are.</summary>
    /// <returns>How many candidates there are more, and how many of them may start together.</returns>
    public (int Count, int AtOnce) Add(IEnumerable<TransportAddress> found)
    {
        TransportAddress[] unknown = [.. found.Where(_known.Add)];
        var more = Create(unknown, _transports);
        int room = Math.Max(0, MaxCandidates - _candidates.Count);
        _candidates.AddRange(more._candidates.Take(room));
        _skipped.AddRange(more._skipped);
        _skipped.AddRange(more._candidates.Skip(room).Select(candidate => new SkippedAddress(candidate.Address, TooMany)));
        return (Math.Min(room, more._candidates.Count), Math.Min(room, more.AtOnce));
    }

    /// <param name="addresses">The peer's addresses.</param>
    /// <param name="transports">The endpoint's transports, most wanted first, also those that do not work on this machine.</param>
    /// <param name="lastGood">The address at which the peer was reached last; null where there is none, or it is not among the addresses.</param>
    public static DialPlan Create(
        IReadOnlyList<TransportAddress> addresses, IReadOnlyList<ITransport> transports, TransportAddress? lastGood = null)
    {
        if (addresses.Count > MaxCandidates)
        {
            TransportAddress[] shuffled = [.. addresses];
            Random.Shared.Shuffle(shuffled);
            addresses = shuffled;
        }

        var byTransport = new Queue<DialCandidate>[transports.Count];
        var skipped = new List<SkippedAddress>();
        var understood = new HashSet<TransportAddress>();
        for (int i = 0; i < byTransport.Length; i++)
        {
            ITransport transport = transports[i];
            TransportAddress[] own = [.. addresses.Where(transport.CanDial)];
            understood.UnionWith(own);
            if (transport.UnsupportedReason is { } reason)
            {
                skipped.AddRange(own.Select(address => new SkippedAddress(address, reason)));
                own = [];
            }

            byTransport[i] = new(AlternateFamilies(own).Select(address => new DialCandidate(transport, address)));
        }

        skipped.AddRange(addresses
            .Where(address => !understood.Contains(address))
            .Select(address => new SkippedAddress(address, "no transport of this endpoint understands the address")));

        var candidates = new List<DialCandidate>();
        for (int i = 0; lastGood is not null && i < byTransport.Length; i++)
        {
            if (byTransport[i].FirstOrDefault(candidate => candidate.Address == lastGood) is { } good)
            {
                candidates.Add(good);
                byTransport[i] = new(byTransport[i].Where(candidate => candidate != good));
            }
        }

        int take = Lead;
        while (candidates.Count < MaxCandidates && byTransport.Any(queue => queue.Count > 0))
        {
            foreach (Queue<DialCandidate> queue in byTransport)
            {
                for (; take > 0 && queue.TryDequeue(out DialCandidate? candidate); take--)
                {
                    candidates.Add(candidate);
                }

                take = 1;
            }
        }

        for (int i = candidates.Count - 1; i >= MaxCandidates; i--)
        {
            skipped.Add(new(candidates[i].Address, TooMany));
            candidates.RemoveAt(i);
        }

        skipped.AddRange(byTransport.SelectMany(queue => queue).Select(candidate => new SkippedAddress(candidate.Address, TooMany)));
        int atOnce = PutRelaysBesideFirst(candidates);
        return new(transports, [.. addresses], candidates, skipped) { AtOnce = atOnce };
    }

    private static int PutRelaysBesideFirst(List<DialCandidate> candidates)
    {
        DialCandidate[] relays = [.. candidates.Where(candidate => candidate.Address.Kind == TransportAddressKind.Relay).Take(MaxRelaysAtOnce)];
        candidates.RemoveAll(relays.Contains);
        int before = Math.Min(1, candidates.Count);
        candidates.InsertRange(before, relays);
        return before + relays.Length;
    }

    private static string TooMany => $"the peer has more than {MaxCandidates} addresses";

    private static IEnumerable<TransportAddress> AlternateFamilies(TransportAddress[] addresses)
    {
        TransportAddress[] v6 = [.. addresses.Where(IsIpv6)];
        TransportAddress[] others = [.. addresses.Where(address => !IsIpv6(address))];
        for (int i = 0; i < Math.Max(v6.Length, others.Length); i++)
        {
            if (i < v6.Length)
            {
                yield return v6[i];
            }

            if (i < others.Length)
            {
                yield return others[i];
            }
        }
    }

    private static bool IsIpv6(TransportAddress address)
        => address.TryGetIPEndPoint(out IPEndPoint? endPoint) && endPoint.AddressFamily == AddressFamily.InterNetworkV6;
}
