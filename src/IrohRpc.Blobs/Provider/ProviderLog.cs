using Microsoft.Extensions.Logging;

namespace IrohRpc.Blobs.Provider;

internal static partial class ProviderLog
{
    [LoggerMessage(1, LogLevel.Debug, "A request of {Peer} was not answered.")]
    public static partial void RequestFailed(ILogger logger, EndpointId peer, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "The rule about who may have which blob threw; it was taken for a no.")]
    public static partial void AuthorizeThrew(ILogger logger, Exception failure);

    [LoggerMessage(3, LogLevel.Error, "A stored blob is damaged and was not served.")]
    public static partial void Damaged(ILogger logger, Exception failure);
}
