using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Logging;

namespace IrohRpc.Extensions.Policies;

/// <summary>Logs each call when it and everything that it streams has ended, at both sides: method, peer, status, time; arguments and results where the options ask for them.</summary>
public sealed partial class LoggingInterceptor : RpcInterceptor
{
    private const string Redacted = "[redacted]";

    private readonly ILogger _log;
    private readonly LoggingInterceptorOptions _options;

    /// <summary>Makes one.</summary>
    /// <param name="loggerFactory">Where the lines go, under the category <c>IrohRpc.Calls.Log</c>.</param>
    /// <param name="options">What is logged; null for the defaults.</param>
    public LoggingInterceptor(ILoggerFactory loggerFactory, LoggingInterceptorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(loggerFactory);
        _log = loggerFactory.CreateLogger("IrohRpc.Calls.Log");
        _options = options ?? new LoggingInterceptorOptions();
    }

    /// <inheritdoc/>
    public override InterceptorStage Stage => InterceptorStage.Observation;

    /// <inheritdoc/>
    public override ValueTask InterceptCallAsync(RpcInvocation invocation, RpcInvocationDelegate next) => LogAsync(invocation, next);

    /// <inheritdoc/>
    public override ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next) => LogAsync(invocation, next);

    private ValueTask LogAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        ArgumentNullException.ThrowIfNull(next);
        if (_log.IsEnabled(_options.Level) || _log.IsEnabled(_options.FailureLevel))
        {
            long start = invocation.TimeProvider.GetTimestamp();
            invocation.OnCompleted(ended => Log(ended, start));
        }

        return next(invocation);
    }

    [SuppressMessage("Performance", "CA1873", Justification = "The level is asked before.")]
    private void Log(RpcInvocation invocation, long start)
    {
        RpcStatusCode status = invocation.Status ?? RpcStatusCode.Unknown;
        LogLevel level = status == RpcStatusCode.OK ? _options.Level : _options.FailureLevel;
        if (_log.IsEnabled(level))
        {
            CallEnded(
                _log,
                level,
                invocation.IsIncoming ? "from" : "to",
                invocation.Method,
                PeerOf(invocation),
                status,
                invocation.TimeProvider.GetElapsedTime(start).TotalMilliseconds,
                Describe(invocation));
        }
    }

    private static string PeerOf(RpcInvocation invocation)
    {
        try
        {
            return invocation.PeerId.ToShortString();
        }
        catch (InvalidOperationException)
        {
            return "somebody";
        }
    }

    private string Describe(RpcInvocation invocation)
    {
        var text = new StringBuilder();
        if (_options.LogArguments && invocation.HasArguments)
        {
            for (int i = 0; i < invocation.Method.Parameters.Count; i++)
            {
                RpcParameter parameter = invocation.Method.Parameters[i];
                text.Append(text.Length == 0 ? " (" : ", ").Append(parameter.Name).Append('=').Append(Format(invocation.Method, parameter, invocation.Arguments[i]));
            }

            text.Append(text.Length == 0 ? " ()" : ")");
        }

        if (_options.LogResults && invocation.HasResult && invocation.Status == RpcStatusCode.OK)
        {
            text.Append(" = ").Append(Format(invocation.Method, null, invocation.Result));
        }

        return text.ToString();
    }

    private string Format(RpcMethod method, RpcParameter? parameter, object? value)
    {
        if (method.GetMetadata<SensitiveAttribute>() is not null || parameter?.Metadata.Any(static metadata => metadata is SensitiveAttribute) == true)
        {
            return Redacted;
        }

        string? text = _options.Format is { } format ? format(method, parameter, value) : Describe(value);
        return text is null ? "null" : Clean(text);
    }

    // What an object without a text of its own is called inside this process tells nobody anything.
    private static string? Describe(object? value) => value switch
    {
        Stream or PipeReader or PipeWriter => "(bytes)",
        not null when Convert.ToString(value, CultureInfo.InvariantCulture) is { } text && text != value.GetType().ToString() => text,
        not null => "(object)",
        null => null,
    };

    private string Clean(string text)
        => text.Length > _options.MaxValueLength ? PeerText.Escape(text[.._options.MaxValueLength]) + "..." : PeerText.Escape(text);

    [LoggerMessage(EventId = 220, Message = "Call {Direction} {Peer} of {Method} ended with {Status} after {Milliseconds:0.###} ms{Details}")]
    private static partial void CallEnded(
        ILogger logger, LogLevel level, string direction, RpcMethod method, string peer, RpcStatusCode status, double milliseconds, string details);
}
