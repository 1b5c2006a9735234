namespace IrohRpc.Extensions.Hosting.Internal.Settings;

/// <summary>The keys of the sections that a host reads. Each is called as its option.</summary>
internal static class SettingTables
{
    private static readonly SettingTable<ConnectionLimits> Limits = new SettingTable<ConnectionLimits>()
        .Add(nameof(ConnectionLimits.MaxConnections), SettingParsers.Number, static (limits, value) => limits.MaxConnections = value)
        .Add(nameof(ConnectionLimits.MaxConnectionsPerAddress), SettingParsers.Number, static (limits, value) => limits.MaxConnectionsPerAddress = value)
        .Add(nameof(ConnectionLimits.MaxConnectionsPerPeer), SettingParsers.Number, static (limits, value) => limits.MaxConnectionsPerPeer = value)
        .Add(nameof(ConnectionLimits.MaxHandshakes), SettingParsers.Number, static (limits, value) => limits.MaxHandshakes = value)
        .Add(nameof(ConnectionLimits.MaxHandshakesPerAddress), SettingParsers.Number, static (limits, value) => limits.MaxHandshakesPerAddress = value)
        .Add(nameof(ConnectionLimits.IdleToGiveWay), SettingParsers.Duration, static (limits, value) => limits.IdleToGiveWay = value);

    private static readonly SettingTable<RpcOptions> Calls = new SettingTable<RpcOptions>()
        .Add(nameof(RpcOptions.MessageLimit), SettingParsers.Number, static (options, value) => options.MessageLimit = value)
        .Add(nameof(RpcOptions.MaxCallsInProgress), SettingParsers.Number, static (options, value) => options.MaxCallsInProgress = value)
        .Add(nameof(RpcOptions.MaxFieldBytes), SettingParsers.Number, static (options, value) => options.MaxFieldBytes = value)
        .Add(nameof(RpcOptions.MaxObjects), SettingParsers.Number, static (options, value) => options.MaxObjects = value)
        .Add(nameof(RpcOptions.ReleaseObjectsWithCall), SettingParsers.YesOrNo, static (options, value) => options.ReleaseObjectsWithCall = value)
        .Add(nameof(RpcOptions.MaxUnsentBytes), SettingParsers.Number, static (options, value) => options.MaxUnsentBytes = value)
        .Add(nameof(RpcOptions.MaxUnsentOneWayBytes), SettingParsers.Number, static (options, value) => options.MaxUnsentOneWayBytes = value)
        .Add(nameof(RpcOptions.MaxBufferedBytes), SettingParsers.Number, static (options, value) => options.MaxBufferedBytes = value)
        .Add(nameof(RpcOptions.MaxMetadataEntries), SettingParsers.Number, static (options, value) => options.MaxMetadataEntries = value)
        .Add(nameof(RpcOptions.RequestTimeout), SettingParsers.Duration, static (options, value) => options.RequestTimeout = value)
        .Add(nameof(RpcOptions.MaxAbandonedCallsPerSecond), SettingParsers.Number, static (options, value) => options.MaxAbandonedCallsPerSecond = value)
        .Add(nameof(RpcOptions.MaxPayloadDepth), SettingParsers.Number, static (options, value) => options.MaxPayloadDepth = value)
        .Add(nameof(RpcOptions.MaxPayloadExpansion), SettingParsers.Number, static (options, value) => options.MaxPayloadExpansion = value)
        .Add(nameof(RpcOptions.MaxKeyCollisions), SettingParsers.Number, static (options, value) => options.MaxKeyCollisions = value)
        .Add(nameof(RpcOptions.ExposeExceptionDetails), SettingParsers.YesOrNo, static (options, value) => options.ExposeExceptionDetails = value)
        .Add(nameof(RpcOptions.Sequential), SettingParsers.YesOrNo, static (options, value) => options.Sequential = value);

    /// <summary>How services answer: <c>Calls</c> in the section of an endpoint.</summary>
    public static SettingTable<ServiceOptions> ServiceCalls { get; } = new SettingTable<ServiceOptions>()
        .AddAll(Calls)
        .Add(nameof(ServiceOptions.CloseTimeout), SettingParsers.Duration, static (options, value) => options.CloseTimeout = value)
        .Add(nameof(ServiceOptions.FlowsCallContext), SettingParsers.YesOrNo, static (options, value) => options.FlowsCallContext = value);

    /// <summary>The section of an endpoint.</summary>
    public static SettingTable<PeerEndpointOptions> Endpoint { get; } = new SettingTable<PeerEndpointOptions>()
        .AddList(nameof(PeerEndpointOptions.ListenOn), SettingParsers.ListenAddress, static (options, value) => options.ListenOn = value)
        .AddList(nameof(PeerEndpointOptions.Transports), SettingParsers.Transport, static (options, value) => options.Transports = value)
        .Add(nameof(PeerEndpointOptions.TraversesNats), SettingParsers.YesOrNo, static (options, value) => options.TraversesNats = value)
        .Add(nameof(PeerEndpointOptions.MapsPorts), SettingParsers.YesOrNo, static (options, value) => options.MapsPorts = value)
        .AddList(nameof(PeerEndpointOptions.ExternalAddresses), SettingParsers.ExternalAddress, static (options, value) => options.ExternalAddresses = value)
        .Add(nameof(PeerEndpointOptions.DialTimeout), SettingParsers.Duration, static (options, value) => options.DialTimeout = value)
        .Add(nameof(PeerEndpointOptions.StaggerDelay), SettingParsers.Duration, static (options, value) => options.StaggerDelay = value)
        .Add(nameof(PeerEndpointOptions.DrainTimeout), SettingParsers.Duration, static (options, value) => options.DrainTimeout = value)
        .Add(nameof(PeerEndpointOptions.HandshakeTimeout), SettingParsers.Duration, static (options, value) => options.HandshakeTimeout = value)
        .Add(nameof(PeerEndpointOptions.IdleTimeout), SettingParsers.Duration, static (options, value) => options.IdleTimeout = value)
        .Add(nameof(PeerEndpointOptions.KeepAliveInterval), SettingParsers.Duration, static (options, value) => options.KeepAliveInterval = value)
        .Add(nameof(PeerEndpointOptions.MaxInboundBidirectionalStreams), SettingParsers.Number, static (options, value) => options.MaxInboundBidirectionalStreams = value)
        .Add(nameof(PeerEndpointOptions.MaxInboundUnidirectionalStreams), SettingParsers.Number, static (options, value) => options.MaxInboundUnidirectionalStreams = value)
        .Add(nameof(PeerEndpointOptions.StreamReceiveWindow), SettingParsers.Number, static (options, value) => options.StreamReceiveWindow = value)
        .Add(nameof(PeerEndpointOptions.ConnectionReceiveWindow), SettingParsers.Number, static (options, value) => options.ConnectionReceiveWindow = value)
        .Add(nameof(PeerEndpointOptions.MaxBufferedBytes), SettingParsers.LongNumber, static (options, value) => options.MaxBufferedBytes = value)
        .AddList(nameof(PeerEndpointOptions.Relays), SettingParsers.Relay, static (options, value) => options.Relays = value)
        .Add(nameof(PeerEndpointOptions.Publishing), SettingParsers.Publishing, static (options, value) => options.Publishing = value)
        .AddSection(nameof(PeerEndpointOptions.Limits), static options => options.Limits, Limits)
        .AddForeign(SecretKeyFileKey)
        .AddForeign(CreateSecretKeyFileKey)
        .AddForeign(CallsKey);

    /// <summary>Where the key of an endpoint is.</summary>
    public static SettingTable<SecretKeyFileSettings> SecretKey { get; } = new SettingTable<SecretKeyFileSettings>()
        .Add(SecretKeyFileKey, static text => text, static (settings, value) => settings.Path = value)
        .Add(CreateSecretKeyFileKey, SettingParsers.YesOrNo, static (settings, value) => settings.CreateIfMissing = value);

    /// <summary>How a client calls: <c>Calls</c> in its section.</summary>
    public static SettingTable<ClientOptions> ClientCalls { get; } = new SettingTable<ClientOptions>()
        .AddAll(Calls)
        .Add(nameof(ClientOptions.Timeout), SettingParsers.Duration, static (options, value) => options.Timeout = value)
        .Add(nameof(ClientOptions.WaitForReady), SettingParsers.Duration, static (options, value) => options.WaitForReady = value)
        .Add(nameof(ClientOptions.MaxRetries), SettingParsers.Number, static (options, value) => options.MaxRetries = value);

    /// <summary>The section of a client, as far as its channel goes.</summary>
    public static SettingTable<PeerChannelOptions> Channel { get; } = new SettingTable<PeerChannelOptions>()
        .AddForeign(nameof(PeerClientOptions.Peer))
        .AddForeign(nameof(PeerClientOptions.EndpointName))
        .Add(nameof(PeerChannelOptions.FirstDelay), SettingParsers.Duration, static (options, value) => options.FirstDelay = value)
        .Add(nameof(PeerChannelOptions.LongestDelay), SettingParsers.Duration, static (options, value) => options.LongestDelay = value)
        .Add(nameof(PeerChannelOptions.IdleTimeout), SettingParsers.Duration, static (options, value) => options.IdleTimeout = value)
        .Add(nameof(PeerChannelOptions.SilenceTimeout), SettingParsers.Duration, static (options, value) => options.SilenceTimeout = value)
        .Add(nameof(PeerChannelOptions.FlushTimeout), SettingParsers.Duration, static (options, value) => options.FlushTimeout = value)
        .Add(nameof(PeerChannelOptions.KeepConnected), SettingParsers.YesOrNo, static (options, value) => options.KeepConnected = value)
        .Add(nameof(PeerChannelOptions.UsesEarlyData), SettingParsers.YesOrNo, static (options, value) => options.UsesEarlyData = value)
        .AddSection(CallsKey, static options => options.Calls, ClientCalls);

    /// <summary>Whom a client calls.</summary>
    public static SettingTable<PeerClientOptions> Client { get; } = new SettingTable<PeerClientOptions>()
        .Add(nameof(PeerClientOptions.Peer), SettingParsers.Peer, static (options, value) => options.Peer = value)
        .Add(nameof(PeerClientOptions.EndpointName), static text => text, static (options, value) => options.EndpointName = value);

    public const string SecretKeyFileKey = "SecretKeyFile";

    public const string CreateSecretKeyFileKey = "CreateSecretKeyFile";

    public const string CallsKey = "Calls";
}
