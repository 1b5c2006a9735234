using System.Threading.RateLimiting;

namespace Hosted.Policies;

/// <summary>What one peer may ask for. Settings of the section "Jobs:Limits".</summary>
internal sealed class JobLimits
{
    /// <summary>Submissions in a second, over time; as many may come at once.</summary>
    public int SubmissionsPerSecond { get; set; } = 5_000;

    /// <summary>Calls at a time, those that stream included.</summary>
    public int CallsAtOnce { get; set; } = 100;

    /// <summary>How long the text of a job may be.</summary>
    public int MaxText { get; set; } = 10_000;

    public TokenBucketRateLimiterOptions ToBucket() => new()
    {
        TokenLimit = SubmissionsPerSecond,
        TokensPerPeriod = SubmissionsPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
    };

    public ConcurrencyLimiterOptions ToConcurrency() => new() { PermitLimit = CallsAtOnce };
}
