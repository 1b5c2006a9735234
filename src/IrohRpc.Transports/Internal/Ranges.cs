namespace IrohRpc.Transports.Internal;

/// <summary>What a number or a duration in the options may be. The upper bound of durations is that of timers, which count milliseconds in 32 bits.</summary>
internal static class Ranges
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    public static int Require(int value, int least, int most, string name)
        => value >= least && value <= most ? value : throw new ArgumentOutOfRangeException(name, value, $"{name} is from {least} to {most}.");

    public static TimeSpan RequirePositive(TimeSpan value, string name)
        => value > TimeSpan.Zero && value <= Longest ? value : throw Wrong(value, name, "more than zero");

    public static TimeSpan RequirePositiveOrInfinite(TimeSpan value, string name)
        => value == Timeout.InfiniteTimeSpan || (value > TimeSpan.Zero && value <= Longest)
            ? value
            : throw Wrong(value, name, "more than zero, or infinite");

    public static TimeSpan RequireNotNegative(TimeSpan value, string name)
        => value >= TimeSpan.Zero && value <= Longest ? value : throw Wrong(value, name, "zero or more");

    public static TimeSpan RequireNotNegativeOrInfinite(TimeSpan value, string name)
        => value == Timeout.InfiniteTimeSpan || (value >= TimeSpan.Zero && value <= Longest)
            ? value
            : throw Wrong(value, name, "zero or more, or infinite");

    public static TimeSpan RequireAtLeastOneSecond(TimeSpan value, string name)
        => value >= TimeSpan.FromSeconds(1) && value <= Longest ? value : throw Wrong(value, name, "at least one second");

    private static ArgumentOutOfRangeException Wrong(TimeSpan value, string name, string rule)
        => new(name, value, $"{name} is {rule}, and at most {Longest.Days} days.");
}
