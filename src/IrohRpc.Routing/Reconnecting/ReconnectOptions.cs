namespace IrohRpc;

/// <summary>How a <see cref="ReconnectingConnection"/> dials again. The values are read once.</summary>
public sealed class ReconnectOptions
{
    /// <summary>How long it waits, about, before the first dial after a loss while nobody asks for the connection. Default 500 milliseconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not more than zero.</exception>
    public TimeSpan FirstDelay { get; set => field = RequirePositive(value, nameof(FirstDelay)); } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest that it waits, about. The wait doubles with each dial that fails. Default 30 seconds.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not more than zero.</exception>
    public TimeSpan LongestDelay { get; set => field = RequirePositive(value, nameof(LongestDelay)); } = TimeSpan.FromSeconds(30);

    private static TimeSpan RequirePositive(TimeSpan value, string name)
        => value > TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is more than zero.");
}
