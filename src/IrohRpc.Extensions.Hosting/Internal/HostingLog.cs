using IrohRpc.Internal;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Extensions.Hosting.Internal;

/// <summary>The log lines of hosted endpoints.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1, LogLevel.Information, "{Endpoint} serves {Alpns}. Its ticket is {Ticket}")]
    public static partial void Accepting(ILogger logger, string endpoint, string alpns, string ticket);
}
