namespace IrohRpc;

/// <summary>The names under which the library tells of its calls and connections: see docs/telemetry.md.</summary>
public static class RpcTelemetry
{
    /// <summary>The name of the <see cref="System.Diagnostics.ActivitySource"/> of calls.</summary>
    public const string ActivitySourceName = "IrohRpc";

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/> of calls, connections, and sessions with relays.</summary>
    public const string MeterName = "IrohRpc";

    /// <summary>The name of the <see cref="System.Diagnostics.Metrics.Meter"/> of relays that the program runs itself, with the package <c>IrohRpc.Relay</c>.</summary>
    public const string RelayMeterName = "IrohRpc.Relay";

    /// <summary>The value of <c>rpc.system.name</c>.</summary>
    public const string SystemName = "irohrpc";

    internal const string System = "rpc.system.name";
    internal const string Method = "rpc.method";
    internal const string StatusCode = "rpc.status_code";
    internal const string ErrorType = "error.type";

    /// <summary>A status as gRPC writes it: <c>DEADLINE_EXCEEDED</c>.</summary>
    internal static string NameOf(RpcStatusCode status) => status switch
    {
        RpcStatusCode.OK => "OK",
        RpcStatusCode.Cancelled => "CANCELLED",
        RpcStatusCode.Unknown => "UNKNOWN",
        RpcStatusCode.InvalidArgument => "INVALID_ARGUMENT",
        RpcStatusCode.DeadlineExceeded => "DEADLINE_EXCEEDED",
        RpcStatusCode.NotFound => "NOT_FOUND",
        RpcStatusCode.AlreadyExists => "ALREADY_EXISTS",
        RpcStatusCode.PermissionDenied => "PERMISSION_DENIED",
        RpcStatusCode.ResourceExhausted => "RESOURCE_EXHAUSTED",
        RpcStatusCode.FailedPrecondition => "FAILED_PRECONDITION",
        RpcStatusCode.Aborted => "ABORTED",
        RpcStatusCode.OutOfRange => "OUT_OF_RANGE",
        RpcStatusCode.Unimplemented => "UNIMPLEMENTED",
        RpcStatusCode.Internal => "INTERNAL",
        RpcStatusCode.Unavailable => "UNAVAILABLE",
        RpcStatusCode.DataLoss => "DATA_LOSS",
        RpcStatusCode.Unauthenticated => "UNAUTHENTICATED",
        _ => "_OTHER",
    };

    /// <summary>Whether a status is an error of the side that tells of it: at the service, what is the caller's fault is none. As for gRPC.</summary>
    internal static bool IsError(RpcStatusCode status, bool isServer)
        => isServer
            ? status is RpcStatusCode.Unknown or RpcStatusCode.DeadlineExceeded or RpcStatusCode.Unimplemented or RpcStatusCode.Internal or RpcStatusCode.Unavailable or RpcStatusCode.DataLoss
            : status != RpcStatusCode.OK;
}
