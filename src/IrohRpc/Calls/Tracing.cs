using System.Diagnostics;
using System.Text;
using IrohRpc.CompilerServices;

namespace IrohRpc.Internal;

/// <summary>The activities of calls, under the source <c>IrohRpc</c>, by OpenTelemetry's conventions for RPC.</summary>
internal static class Tracing
{
    private static readonly ActivitySource Source = new("IrohRpc");

    /// <summary>Whether anybody listens.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>Starts the caller's activity; null where nobody listens.</summary>
    public static Activity? StartCall(MethodDescriptor method)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // The call is not what the caller's code goes on to do, so it must not stay the current activity there.
        Activity? outer = Activity.Current;
        Activity? activity = Describe(Source.StartActivity(Name(method), ActivityKind.Client), method);
        Activity.Current = outer;
        return activity;
    }

    /// <summary>Starts the handler's activity, below the caller's where its trace came along; null where nobody listens.</summary>
    public static Activity? StartHandler(MethodDescriptor method, ReadOnlySpan<byte> traceParent, ReadOnlySpan<byte> traceState)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        ActivityContext parent = default;
        if (traceParent.Length == 25)
        {
            parent = new ActivityContext(
                ActivityTraceId.CreateFromBytes(traceParent[..16]),
                ActivitySpanId.CreateFromBytes(traceParent.Slice(16, 8)),
                (ActivityTraceFlags)traceParent[24],
                traceState.IsEmpty ? null : Encoding.UTF8.GetString(traceState),
                isRemote: true);
        }

        return Describe(Source.StartActivity(Name(method), ActivityKind.Server, parent), method);
    }

    /// <summary>Ends an activity with how the call ended.</summary>
    public static void Stop(Activity? activity, RpcStatusCode status)
    {
        if (activity is null)
        {
            return;
        }

        activity.SetTag("rpc.response.status_code", status.ToString());
        if (status != RpcStatusCode.OK)
        {
            activity.SetStatus(ActivityStatusCode.Error, status.ToString());
        }

        Activity? current = Activity.Current;
        activity.Dispose();
        Activity.Current = current == activity ? activity.Parent : current;
    }

    private static string Name(MethodDescriptor method) => $"{method.Contract.Name}/{method.WireName}";

    private static Activity? Describe(Activity? activity, MethodDescriptor method)
        => activity?.SetTag("rpc.system", "irohrpc").SetTag("rpc.service", method.Contract.Name).SetTag("rpc.method", method.WireName);
}
