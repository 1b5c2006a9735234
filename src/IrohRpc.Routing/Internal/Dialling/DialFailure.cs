using System.Globalization;
using System.Net;
using System.Text;
using IrohRpc.Transports;
using IrohRpc.Transports.Internal;

namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>Makes one error out of all that a dial tried.</summary>
internal static class DialFailure
{
    // What a peer that was reached had to say tells more than silence, and what is certain to repeat more than what may pass.
    private static readonly PeerErrorKind[] MostTellingFirst =
    [
        PeerErrorKind.Refused,
        PeerErrorKind.NoCommonAlpn,
        PeerErrorKind.AuthenticationFailed,
        PeerErrorKind.WrongPeer,
        PeerErrorKind.ProtocolViolation,
        PeerErrorKind.ClosedByPeer,
        PeerErrorKind.ConnectionLost,
        PeerErrorKind.IdleTimeout,
        PeerErrorKind.TimedOut,
        PeerErrorKind.Unreachable,
        PeerErrorKind.TransportUnsupported,
    ];

    public static PeerException NoAddress(EndpointId peer)
        => new(PeerErrorKind.NoAddress, $"Peer {peer.ToShortString()} cannot be dialled: it comes without any address. Ask it for a fresh ticket.");

    public static PeerException NotFound(EndpointId peer, string lookup)
        => new(
            PeerErrorKind.NoAddress,
            $"Peer {peer.ToShortString()} cannot be dialled: it comes without any address, and {lookup} knows none. Is it running, and does it publish its addresses?");

    public static PeerException NothingToTry(EndpointId peer, DialPlan plan)
    {
        var message = new StringBuilder();
        message.Append(CultureInfo.InvariantCulture, $"Peer {peer.ToShortString()} cannot be dialled from here:");
        AppendSkipped(message, plan.Skipped);
        return new(PeerErrorKind.TransportUnsupported, message.ToString());
    }

    public static PeerException EndpointClosed(EndpointId peer)
        => new(PeerErrorKind.ClosedLocally, $"The dial to {peer.ToShortString()} was given up: this endpoint closes.");

    /// <param name="peer">Who was dialled.</param>
    /// <param name="alpns">What was offered.</param>
    /// <param name="attempts">What was tried, in order.</param>
    /// <param name="skipped">What was not.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="timedOut">Whether the time for the whole dial ran out.</param>
    public static PeerException Failed(
        EndpointId peer,
        IReadOnlyList<string> alpns,
        IReadOnlyList<DialAttempt> attempts,
        IReadOnlyList<SkippedAddress> skipped,
        TimeSpan took,
        bool timedOut)
    {
        PeerException? telling = attempts
            .Select(attempt => attempt.Error)
            .OfType<PeerException>()
            .OrderBy(error => Rank(error.Kind))
            .FirstOrDefault();
        if (timedOut && (telling is null || Rank(telling.Kind) > Rank(PeerErrorKind.TimedOut)))
        {
            telling = null;
        }

        PeerErrorKind kind = telling?.Kind ?? PeerErrorKind.TimedOut;
        var message = new StringBuilder();
        message.Append(CultureInfo.InvariantCulture, $"Peer {peer.ToShortString()} could not be dialled ({Describe(kind)}), offering ");
        message.AppendJoin(", ", alpns.Select(alpn => $"\"{alpn}\""));
        message.Append(CultureInfo.InvariantCulture, $", in {Seconds(took)}{(timedOut ? ", the limit for a dial" : "")}. Tried:");
        foreach (DialAttempt attempt in attempts)
        {
            message.Append(CultureInfo.InvariantCulture, $"{Environment.NewLine}  {attempt.Candidate}: ");
            message.Append(attempt switch
            {
                { IsStarted: false } => "its turn did not come",
                { Error: { } error, Took: { } time } => $"{error.Message} (after {Seconds(time)})",
                _ => "no answer yet",
            });
        }

        if (skipped.Count > 0)
        {
            message.Append(CultureInfo.InvariantCulture, $"{Environment.NewLine}Not tried:");
            AppendSkipped(message, skipped);
        }

        if (attempts.Count > 0 && attempts.All(static attempt => IsLoopback(attempt.Candidate.Address)))
        {
            message.Append(
                CultureInfo.InvariantCulture,
                $"{Environment.NewLine}All of these addresses mean this machine. If the peer runs on another, it has to listen to the network (ListenAddresses.Any()) and give a new ticket.");
        }

        return new(kind, message.ToString(), telling?.ErrorCode, telling) { Reason = telling?.Reason };
    }

    private static bool IsLoopback(TransportAddress address) => address.TryGetIPEndPoint(out IPEndPoint? endPoint) && IPAddress.IsLoopback(endPoint.Address);

    private static void AppendSkipped(StringBuilder message, IReadOnlyList<SkippedAddress> skipped)
    {
        const int Shown = 8;
        foreach (SkippedAddress address in skipped.Take(Shown))
        {
            message.Append(CultureInfo.InvariantCulture, $"{Environment.NewLine}  {address.Address.Describe()}: {address.Reason}");
        }

        if (skipped.Count > Shown)
        {
            message.Append(CultureInfo.InvariantCulture, $"{Environment.NewLine}  and {skipped.Count - Shown} more");
        }
    }

    private static int Rank(PeerErrorKind kind)
    {
        int rank = Array.IndexOf(MostTellingFirst, kind);
        return rank < 0 ? MostTellingFirst.Length : rank;
    }

    private static string Describe(PeerErrorKind kind) => kind switch
    {
        PeerErrorKind.Refused => "it refused the connection",
        PeerErrorKind.NoCommonAlpn => "no common ALPN",
        PeerErrorKind.AuthenticationFailed => "authentication failed",
        PeerErrorKind.WrongPeer => "another peer answered",
        PeerErrorKind.TimedOut => "no answer in time",
        PeerErrorKind.Unreachable => "nobody answers there",
        PeerErrorKind.ConnectionLost => "the connection was lost",
        _ => kind.ToString(),
    };

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0## s", CultureInfo.InvariantCulture);
}
