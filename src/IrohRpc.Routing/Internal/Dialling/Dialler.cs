using IrohRpc.Reach.Lookup;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Dialling;

/// <summary>Dials peers for an endpoint, and remembers where it reached them.</summary>
/// <param name="transports">What dials, the preferred one first.</param>
/// <param name="settings">What every connection has.</param>
/// <param name="lookup">Where addresses may be had; null for nowhere.</param>
/// <param name="times">How long what may take.</param>
/// <param name="connections">Keeps what is handed out.</param>
/// <param name="tasks">Owns dials until their last attempt has ended.</param>
/// <param name="isClosing">Whether nothing is dialled any more.</param>
/// <param name="logger">Where log lines go.</param>
/// <param name="closing">Fires when the endpoint closes.</param>
internal sealed class Dialler(
    IReadOnlyList<ITransport> transports,
    TransportSettings settings,
    IAddressLookup? lookup,
    DialTimes times,
    ConnectionSet connections,
    OwnedTasks tasks,
    Func<bool> isClosing,
    ILogger logger,
    CancellationToken closing)
{
    private readonly LastGoodAddresses _lastGood = new();

    /// <inheritdoc cref="PeerEndpoint.DialAsync(EndpointAddress, IReadOnlyList{string}, CancellationToken)"/>
    public async ValueTask<PeerConnection> DialAsync(
        EndpointAddress peer, IReadOnlyList<string> alpns, bool allowsEarlyData, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(peer);
        string[] offered = AlpnNames.Require(alpns, nameof(alpns));
        if (offered.Length == 0)
        {
            throw new ArgumentException("A dial offers at least one ALPN.", nameof(alpns));
        }

        cancellationToken.ThrowIfCancellationRequested();
        ObjectDisposedException.ThrowIf(isClosing(), typeof(PeerEndpoint));
        TransportAddress? lastGood = _lastGood.Find(peer.Id);
        if (peer.Addresses.Count == 0 && lastGood is not null)
        {
            peer = peer.With(lastGood);
        }

        var plan = DialPlan.Create(peer.Addresses, transports, lastGood);
        if (plan.Candidates.Count == 0 && lookup is null)
        {
            throw peer.Addresses.Count == 0 ? DialFailure.NoAddress(peer.Id) : DialFailure.NothingToTry(peer.Id, plan);
        }

        var request = new DialRequest(peer.Id, offered, settings) { AllowsEarlyData = allowsEarlyData };
        var dial = new DialOperation(request, plan, lookup, times, connections, logger);
        tasks.Add(dial.RunAsync(cancellationToken, closing));
        try
        {
            PeerConnection connection = await dial.Result.ConfigureAwait(false);
            _lastGood.Reached(peer.Id, connection.RemoteAddress);
            return connection;
        }
        catch (PeerException)
        {
            _lastGood.Failed(peer.Id);
            throw;
        }
    }
}
