using IrohRpc.Quic.Transport.Internal;
using IrohRpc.Reach.Relay;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Reaching;

/// <summary>The relays of an endpoint: the sessions with them, and QUIC through them.</summary>
internal sealed class EndpointRelays : IAsyncDisposable
{
    private EndpointRelays(RelayNetwork network, RelayedQuicTransport transport)
    {
        Network = network;
        Transport = transport;
    }

    /// <summary>The sessions.</summary>
    public RelayNetwork Network { get; }

    /// <summary>Dials through them.</summary>
    public ITransport Transport { get; }

    /// <summary>Takes in who comes through them; null at an endpoint that only dials.</summary>
    public ITransportListener? Listener { get; private set; }

    /// <summary>The home relay, where it has been reached and others may reach this endpoint there.</summary>
    public TransportAddress? Home => Listener is not null && Network.Home is { } url ? TransportAddress.Relay(url) : null;

    /// <summary>Prepares what the options ask for; null where they name no relay.</summary>
    /// <param name="options">The endpoint's options.</param>
    /// <param name="key">The endpoint's key, which outlives the result.</param>
    /// <exception cref="PeerException">The endpoint has no QUIC, without which a relay is of no use.</exception>
    public static EndpointRelays? Create(PeerEndpointOptions options, SecretKey key)
    {
        if (options.Relays.Count == 0)
        {
            return null;
        }

        QuicTransport quic = options.Transports.OfType<QuicTransport>().FirstOrDefault()
            ?? throw new PeerException(PeerErrorKind.TransportUnsupported, "An endpoint with relays needs the QUIC transport, which its list does not name.");
        var network = new RelayNetwork([.. options.Relays], key, new RelayNetworkOptions
        {
            TimeProvider = options.TimeProvider,
            Logger = options.LoggerFactory.CreateLogger("IrohRpc.Reach.Relay"),
        });
        return new EndpointRelays(network, new RelayedQuicTransport(network, quic.Options));
    }

    /// <summary>Takes in who comes through a relay.</summary>
    public async ValueTask ListenAsync(ListenRequest request)
        => Listener = await Transport.ListenAsync(request, CancellationToken.None).ConfigureAwait(false);

    /// <summary>Connects to the home relay, at an endpoint that listens.</summary>
    /// <param name="homeChanged">Called when the home has changed.</param>
    public void Start(Action homeChanged)
    {
        Network.HomeChanged = homeChanged;
        if (Listener is not null)
        {
            Network.Start();
        }
    }

    /// <summary>Ends the sessions. The endpoint has let go of the listener and of all connections.</summary>
    public ValueTask DisposeAsync() => Network.DisposeAsync();
}
