using IrohRpc.CompilerServices;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Calls;

/// <summary>Logs one-way calls that may not have reached their peer: nobody else hears of them.</summary>
internal static partial class OneWayLog
{
    /// <summary>Says why a call may not have arrived. Never throws.</summary>
    public static void Lost(RpcOptions options, EndpointId peer, MethodDescriptor method, Exception failure)
    {
        try
        {
            // A peer that closes its connections decides how often this is written.
            if (options.OneWayFailures.Allows(method, options.TimeProvider, out long leftOut))
            {
                ILogger logger = options.LoggerFactory.CreateLogger("IrohRpc.Calls");
                Lost(logger, method, peer.ToShortString(), failure);
                if (leftOut > 0)
                {
                    LeftOut(logger, leftOut, method);
                }
            }
        }
        catch (Exception)
        {
            // The logger and the clock are the user's; there is nowhere else to say it.
        }
    }

    [LoggerMessage(4, LogLevel.Warning, "The one-way call of {Method} may not have reached {Peer}.")]
    private static partial void Lost(ILogger logger, MethodDescriptor method, string peer, Exception exception);

    [LoggerMessage(11, LogLevel.Warning, "{Count} one-way calls of {Method} more than were logged may not have reached their peers: more than 100 in a second.")]
    private static partial void LeftOut(ILogger logger, long count, MethodDescriptor method);
}
