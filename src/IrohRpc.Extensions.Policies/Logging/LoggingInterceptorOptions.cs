using Microsoft.Extensions.Logging;

namespace IrohRpc.Extensions.Policies;

/// <summary>What is logged of calls.</summary>
public sealed class LoggingInterceptorOptions
{
    /// <summary>The level of calls that succeed. Default <see cref="LogLevel.Information"/>.</summary>
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>The level of calls that fail. Default <see cref="LogLevel.Warning"/>.</summary>
    public LogLevel FailureLevel { get; set; } = LogLevel.Warning;

    /// <summary>Whether arguments are logged, except for what <see cref="SensitiveAttribute"/> marks. Default no.</summary>
    public bool LogArguments { get; set; }

    /// <summary>Whether results are logged, except for what <see cref="SensitiveAttribute"/> marks. Default no.</summary>
    public bool LogResults { get; set; }

    /// <summary>How many characters of a value are logged at most. Default 128.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than one.</exception>
    public int MaxValueLength
    {
        get;
        set => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one character is logged.");
    } = 128;

    /// <summary>
    /// Makes the text of a value; null for its <see cref="object.ToString"/>. The parameter is null for a result. It is not asked for what <see cref="SensitiveAttribute"/> marks.
    /// </summary>
    public Func<RpcMethod, RpcParameter?, object?, string?>? Format { get; set; }
}
