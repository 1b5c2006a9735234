using IrohRpc.Routing.Internal.Dialling;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Routing.Internal;

/// <summary>The log lines of endpoints and routers. What strangers can cause is at debug level, or at a rate.</summary>
internal static partial class RoutingLog
{
    [LoggerMessage(1, LogLevel.Information, "Endpoint {Id} listens on {Addresses}.")]
    public static partial void Listening(ILogger logger, EndpointId id, string addresses);

    [LoggerMessage(2, LogLevel.Information, "The {Transport} transport is not available and left out: {Reason}")]
    public static partial void TransportUnavailable(ILogger logger, string transport, string reason);

    [LoggerMessage(3, LogLevel.Debug, "Dialled {Peer} at {Candidate}, speaking {Alpn}, in {Elapsed}.")]
    public static partial void Dialled(ILogger logger, EndpointId peer, DialCandidate candidate, string alpn, TimeSpan elapsed);

    [LoggerMessage(4, LogLevel.Debug, "Dialling {Peer} at {Candidate} failed.")]
    public static partial void AttemptFailed(ILogger logger, EndpointId peer, DialCandidate candidate, Exception exception);

    [LoggerMessage(EventId = 5, Message = "A connection from {Address} was refused before its handshake: {Reason}. {Unwritten} refusals before it were not written.")]
    public static partial void AddressRefused(ILogger logger, LogLevel level, string address, string reason, int unwritten);

    [LoggerMessage(EventId = 6, Message = "Peer {Peer} was refused after its handshake ({Connection}): {Reason}. {Unwritten} refusals before it were not written.")]
    public static partial void PeerRefused(ILogger logger, LogLevel level, EndpointId peer, PeerConnection connection, string reason, int unwritten);

    [LoggerMessage(7, LogLevel.Error, "The admission rule {Rule} threw; the connection was refused.")]
    public static partial void AdmissionThrew(ILogger logger, string rule, Exception exception);

    [LoggerMessage(8, LogLevel.Error, "The listener at {Address} failed and accepts no more.")]
    public static partial void ListenerFailed(ILogger logger, string address, Exception exception);

    [LoggerMessage(9, LogLevel.Debug, "Peer {Peer} connected for {Alpn}, which is not served any more.")]
    public static partial void NotServed(ILogger logger, EndpointId peer, string alpn);

    [LoggerMessage(10, LogLevel.Error, "The handler of {Alpn} failed for peer {Peer}; its connection is closed.")]
    public static partial void HandlerFailed(ILogger logger, string alpn, EndpointId peer, Exception exception);

    [LoggerMessage(11, LogLevel.Debug, "The connection of peer {Peer} ended under the handler of {Alpn}.")]
    public static partial void ConnectionEndedUnderHandler(ILogger logger, string alpn, EndpointId peer, Exception exception);

    [LoggerMessage(12, LogLevel.Warning, "{Count} handlers still ran at the end of the drain time-out; their connections are closed.")]
    public static partial void DrainTimedOut(ILogger logger, int count);

    [LoggerMessage(13, LogLevel.Error, "{Count} handlers go on although their connections are closed; the router leaves them behind.")]
    public static partial void HandlersLeftBehind(ILogger logger, int count);

    [LoggerMessage(14, LogLevel.Error, "Something that listens to a shutdown token threw.")]
    public static partial void ShutdownCallbackThrew(ILogger logger, Exception exception);

    [LoggerMessage(15, LogLevel.Error, "Background work of the endpoint failed.")]
    public static partial void BackgroundWorkFailed(ILogger logger, Exception exception);

    [LoggerMessage(16, LogLevel.Error, "A listener could not be disposed of cleanly.")]
    public static partial void ListenerNotDisposed(ILogger logger, Exception exception);

    [LoggerMessage(17, LogLevel.Debug, "The lookup of {Peer} found {Count} addresses.")]
    public static partial void Found(ILogger logger, EndpointId peer, int count);

    [LoggerMessage(18, LogLevel.Warning, "The lookup of {Peer} failed.")]
    public static partial void LookupFailed(ILogger logger, EndpointId peer, Exception exception);

    [LoggerMessage(19, LogLevel.Debug, "Published this endpoint at {Addresses}.")]
    public static partial void Published(ILogger logger, string addresses);

    [LoggerMessage(21, LogLevel.Debug, "Relay {Relay} sees this endpoint at {Address}.")]
    public static partial void AddressObserved(ILogger logger, Uri relay, System.Net.IPEndPoint address);

    [LoggerMessage(22, LogLevel.Debug, "Relay {Relay} could not be asked where it sees this endpoint.")]
    public static partial void AddressNotObserved(ILogger logger, Uri relay, Exception exception);

    [LoggerMessage(20, LogLevel.Information, "The network has changed; this machine has {Count} addresses now.")]
    public static partial void NetworkChanged(ILogger logger, int count);
}
