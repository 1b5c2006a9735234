using System.Diagnostics;
using System.Diagnostics.Metrics;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>
/// What the meter <c>IrohRpc</c> says of calls, by OpenTelemetry's conventions for RPC where there are any. Nothing is measured while nobody listens. Listeners are the user's and may throw: the
/// call goes on.
/// </summary>
internal static class CallMetrics
{
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] };
    private static readonly InstrumentAdvice<long> Bytes = new() { HistogramBucketBoundaries = [0, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304] };

    private static readonly Meter Meter = new(RpcTelemetry.MeterName);
    private static readonly Side Client = new("client", "outgoing", "response");
    private static readonly Side Server = new("server", "incoming", "response");
    private static readonly Counter<long> Retries = Meter.CreateCounter<long>("irohrpc.client.retries", "{retry}", "Calls that a channel has made again by itself.");

    /// <summary>A call begins. Gives its time; zero where nobody listens.</summary>
    public static long Start(MethodDescriptor method, bool isServer)
    {
        Side side = isServer ? Server : Client;
        if (!side.IsOn)
        {
            return 0;
        }

        try
        {
            side.Active.Add(1, new TagList { { RpcTelemetry.System, RpcTelemetry.SystemName }, { RpcTelemetry.Method, method.Method.FullName } });
        }
        catch (Exception)
        {
            // A listener failed.
        }

        return Math.Max(1, Stopwatch.GetTimestamp());
    }

    /// <summary>A call that <see cref="Start"/> gave a time has ended.</summary>
    public static void Stop(MethodDescriptor method, bool isServer, long start, RpcStatusCode status, int request, int response)
    {
        Side side = isServer ? Server : Client;
        try
        {
            var tags = new TagList { { RpcTelemetry.System, RpcTelemetry.SystemName }, { RpcTelemetry.Method, method.Method.FullName } };
            side.Active.Add(-1, tags);
            side.RequestSize.Record(request, tags);
            if (status == RpcStatusCode.OK)
            {
                side.ResponseSize.Record(response, tags);
            }

            string name = RpcTelemetry.NameOf(status);
            tags.Add(RpcTelemetry.StatusCode, name);
            if (RpcTelemetry.IsError(status, isServer))
            {
                tags.Add(RpcTelemetry.ErrorType, name);
            }

            side.Duration.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, tags);
        }
        catch (Exception)
        {
            // A listener failed.
        }
    }

    /// <summary>A call is made again.</summary>
    public static void Retried(MethodDescriptor method)
    {
        if (Retries.Enabled)
        {
            try
            {
                Retries.Add(1, new TagList { { RpcTelemetry.System, RpcTelemetry.SystemName }, { RpcTelemetry.Method, method.Method.FullName } });
            }
            catch (Exception)
            {
                // A listener failed.
            }
        }
    }

    private sealed class Side(string name, string direction, string response)
    {
        public Histogram<double> Duration { get; } = Meter.CreateHistogram(
            $"rpc.{name}.call.duration", "s", $"Measures the duration of an {direction} Remote Procedure Call (RPC).", advice: Seconds);

        public UpDownCounter<long> Active { get; } = Meter.CreateUpDownCounter<long>($"irohrpc.{name}.active_calls", "{call}", $"The {direction} calls in progress.");

        public Histogram<long> RequestSize { get; } = Meter.CreateHistogram($"irohrpc.{name}.request.size", "By", $"The arguments of {direction} calls, without what streams.", advice: Bytes);

        public Histogram<long> ResponseSize { get; } = Meter.CreateHistogram(
            $"irohrpc.{name}.{response}.size", "By", $"The results of {direction} calls that succeeded, without what streams.", advice: Bytes);

        public bool IsOn => Duration.Enabled || Active.Enabled || RequestSize.Enabled || ResponseSize.Enabled;
    }
}
