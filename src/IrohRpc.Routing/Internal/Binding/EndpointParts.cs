using System.Net;
using IrohRpc.Identity;
using IrohRpc.Routing.Internal.Accepting;
using IrohRpc.Routing.Internal.Reaching;
using IrohRpc.Transports;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal.Binding;

/// <summary>What an endpoint is made of: its key, what proves it, listeners, lookups and relays. Disposing releases all but the listeners, which the acceptor ends.</summary>
internal sealed class EndpointParts : IAsyncDisposable
{
    private readonly SecretKey? _ownedKey;

    private EndpointParts(PeerEndpointOptions options, ILogger logger)
    {
        Unavailable = FindUnavailable(options, logger);
        _ownedKey = options.SecretKey is null ? SecretKey.Generate() : null;
        Certificates = new PeerCertificateSource(Key(options));
        Settings = options.ToTransportSettings(Certificates);
        Alpns = [.. options.Alpns];

        // Closed before the first listener asks: a peer that comes while the endpoint is being bound is told to come again, not that it will never be served.
        Admission = new ConnectionAdmission(options.Limits, options.AdmitAddress, options.AdmitPeer, new RefusalLog(logger, options.TimeProvider), options.TimeProvider, logger)
        {
            IsClosed = Alpns.Count == 0,
        };
    }

    public PeerCertificateSource Certificates { get; }

    public TransportSettings Settings { get; }

    public IReadOnlyList<string> Alpns { get; }

    public ConnectionAdmission Admission { get; }

    /// <summary>The transports that do not work on this machine.</summary>
    public IReadOnlyList<UnavailableTransport> Unavailable { get; }

    /// <summary>What listens on addresses of this machine.</summary>
    public IReadOnlyList<ITransportListener> Listeners { get; private set; } = [];

    public EndpointLookups? Lookups { get; private set; }

    /// <summary>The relays; null where there are none.</summary>
    public EndpointRelays? Relays { get; private set; }

    /// <summary>Makes the parts and starts to listen. What was made is released where a part cannot be.</summary>
    /// <exception cref="PeerException">An address cannot be bound, or no transport works on this machine.</exception>
    public static async ValueTask<EndpointParts> BindAsync(PeerEndpointOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var parts = new EndpointParts(options, logger);
        try
        {
            await parts.BindCoreAsync(options, logger, cancellationToken).ConfigureAwait(false);
            return parts;
        }
        catch
        {
            await parts.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Relays is not null)
        {
            await Relays.DisposeAsync().ConfigureAwait(false);
        }

        if (Lookups is not null)
        {
            await Lookups.DisposeAsync().ConfigureAwait(false);
        }

        Certificates.Dispose();
        _ownedKey?.Dispose();
    }

    private static bool Works(ITransport transport) => transport.UnsupportedReason is null;

    private static UnavailableTransport[] FindUnavailable(PeerEndpointOptions options, ILogger logger)
    {
        UnavailableTransport[] unavailable =
        [
            .. options.Transports.Where(static transport => !Works(transport))
                .Select(static transport => new UnavailableTransport(transport.Name, transport.UnsupportedReason!)),
        ];
        if (unavailable.Length == options.Transports.Count)
        {
            throw new PeerException(
                PeerErrorKind.TransportUnsupported,
                "None of the endpoint's transports works on this machine: "
                    + string.Join("; ", unavailable.Select(transport => $"{transport.Name}: {transport.Reason}")));
        }

        foreach (UnavailableTransport transport in unavailable)
        {
            RoutingLog.TransportUnavailable(logger, transport.Name, transport.Reason);
        }

        return unavailable;
    }

    private SecretKey Key(PeerEndpointOptions options) => options.SecretKey ?? _ownedKey!;

    private async ValueTask BindCoreAsync(PeerEndpointOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        Lookups = EndpointLookups.Create(options, Key(options), logger);
        Relays = EndpointRelays.Create(options, Key(options));
        var binding = new ListenerBinding([.. options.Transports.Where(Works)], [.. options.ListenOn], ListenAt);
        Listeners = await binding.BindAsync(cancellationToken).ConfigureAwait(false);
        if (Relays is not null && Listeners.Count > 0)
        {
            await Relays.ListenAsync(ListenAt(new IPEndPoint(IPAddress.Any, 0))).ConfigureAwait(false);
        }
    }

    private ListenRequest ListenAt(IPEndPoint address) => new(address, Alpns, Settings) { Admission = Admission };
}
