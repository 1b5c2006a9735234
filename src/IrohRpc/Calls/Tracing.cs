using System.Diagnostics;
using System.Text;
using IrohRpc.CompilerServices;

namespace IrohRpc.Calls;

/// <summary>
/// The activities of calls, under the source <c>IrohRpc</c>, by OpenTelemetry's conventions for RPC. Listeners are the user's and may throw: an activity
/// that cannot be started or stopped is left out, and the call goes on.
/// </summary>
internal static class Tracing
{
    private const int MostBaggage = 64;

    private static readonly ActivitySource Source = new(RpcTelemetry.ActivitySourceName);

    /// <summary>Whether anybody listens.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>Starts the caller's activity; null where nobody listens.</summary>
    public static Activity? StartCall(MethodDescriptor method)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // The caller's code goes on while the call runs, so the call must not stay its current activity.
        Activity? outer = Activity.Current;
        try
        {
            return Describe(Source.StartActivity(method.Method.FullName, ActivityKind.Client), method);
        }
        catch (Exception)
        {
            return null;
        }
        finally
        {
            Activity.Current = outer;
        }
    }

    /// <summary>Starts the handler's activity, below the caller's where its trace came along among the fields; null where nobody listens.</summary>
    public static Activity? StartHandler(MethodDescriptor method, ReadOnlySpan<byte> fields)
    {
        ReadOnlySpan<byte> traceParent = default;
        ReadOnlySpan<byte> traceState = default;
        ReadOnlySpan<byte> baggage = default;
        var reader = new FieldReader(fields);
        while (reader.TryReadValid(out long tag, out ReadOnlySpan<byte> value))
        {
            switch (tag)
            {
                case FieldTag.TraceParent:
                    traceParent = value;
                    break;
                case FieldTag.TraceState:
                    traceState = value;
                    break;
                case FieldTag.Baggage:
                    baggage = value;
                    break;
            }
        }

        return StartHandler(method, traceParent, traceState, baggage);
    }

    private static Activity? StartHandler(MethodDescriptor method, ReadOnlySpan<byte> traceParent, ReadOnlySpan<byte> traceState, ReadOnlySpan<byte> baggage)
    {
        try
        {
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

            Activity? activity = Describe(Source.StartActivity(method.Method.FullName, ActivityKind.Server, parent), method);
            if (activity is not null && !baggage.IsEmpty)
            {
                AddBaggage(activity, Encoding.UTF8.GetString(baggage));
            }

            return activity;
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>The baggage of an activity as W3C Baggage writes it; empty for none.</summary>
    public static string BaggageOf(Activity activity)
    {
        var text = new StringBuilder();
        int entries = 0;
        foreach ((string key, string? value) in activity.Baggage)
        {
            if (++entries > MostBaggage)
            {
                break;
            }

            text.Append(text.Length > 0 ? "," : "").Append(Uri.EscapeDataString(key)).Append('=').Append(Uri.EscapeDataString(value ?? ""));
        }

        return text.ToString();
    }

    /// <summary>A call is made again: says so in its activity.</summary>
    public static void Retry(Activity? activity, int attempt, RpcStatusCode status)
    {
        try
        {
            activity?.AddEvent(new ActivityEvent(
                "irohrpc.retry", tags: new ActivityTagsCollection { ["irohrpc.retry.attempt"] = attempt, [RpcTelemetry.ErrorType] = RpcTelemetry.NameOf(status) }));
        }
        catch (Exception)
        {
            // A sampler's or a listener's own code.
        }
    }

    /// <summary>Ends an activity with how the call ended.</summary>
    public static void Stop(Activity? activity, RpcStatusCode status)
    {
        if (activity is null)
        {
            return;
        }

        Activity? current = Activity.Current;
        try
        {
            string name = RpcTelemetry.NameOf(status);
            activity.SetTag(RpcTelemetry.StatusCode, name);
            if (RpcTelemetry.IsError(status, activity.Kind == ActivityKind.Server))
            {
                activity.SetTag(RpcTelemetry.ErrorType, name);
                activity.SetStatus(ActivityStatusCode.Error);
            }

            activity.Dispose();
        }
        catch (Exception)
        {
            // A listener failed; the call has ended either way.
        }

        Activity.Current = current == activity ? activity.Parent : current;
    }

    private static void AddBaggage(Activity activity, string text)
    {
        string[] entries = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        foreach (string entry in entries.Take(MostBaggage))
        {
            // What follows a semicolon are properties of the entry, which activities do not have.
            string pair = entry.Split(';')[0];
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                activity.AddBaggage(Uri.UnescapeDataString(pair[..equals].Trim()), Uri.UnescapeDataString(pair[(equals + 1)..].Trim()));
            }
        }
    }

    private static Activity? Describe(Activity? activity, MethodDescriptor method)
        => activity?.SetTag(RpcTelemetry.System, RpcTelemetry.SystemName).SetTag(RpcTelemetry.Method, method.Method.FullName);
}
