using System.Threading.RateLimiting;
using IrohRpc;
using IrohRpc.Extensions.Policies;
using Microsoft.Extensions.Options;

namespace Hosted.Policies;

/// <summary>Who may call what, how often, and what is written of it, as the section "Jobs" of the settings says.</summary>
internal static class JobPolicies
{
    private const string Submitters = "submitters";
    private const string Operators = "operators";

    /// <summary>Adds the lists of peers, which are read anew when the settings change.</summary>
    public static IServiceCollection AddJobPolicies(this IServiceCollection services, IConfiguration jobs)
    {
        services.Configure<JobLimits>(jobs.GetSection("Limits"));
        foreach (string list in (string[])[Submitters, Operators])
        {
            services.Configure<PeerAllowListOptions>(list, jobs.GetSection(list));
            services.AddKeyedSingleton(list, (provider, _) => PeerAllowList.FromOptions(
                provider.GetRequiredService<IOptionsMonitor<PeerAllowListOptions>>(), list, provider.GetRequiredService<ILoggerFactory>()));
        }

        return services;
    }

    /// <summary>Puts the policies around the calls of a service. Each stands in its stage, whatever the order here.</summary>
    public static void Apply(ServiceOptions options, IServiceProvider services)
    {
        ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();
        JobLimits limits = services.GetRequiredService<IOptions<JobLimits>>().Value;
        PeerAllowList submitters = services.GetRequiredKeyedService<PeerAllowList>(Submitters);
        options.Interceptors
            .AddLogging(loggers, static logging => (logging.Level, logging.LogArguments) = (LogLevel.Debug, true))
            .AddAuthorization(
                authorization =>
                {
                    authorization.DenyByDefault = true;

                    // An empty list of submitters is a queue that is open to all; one of operators is a queue that nobody purges.
                    authorization.AddPolicy(Submitters, call => ValueTask.FromResult(submitters.Count == 0 || submitters.Contains(call.PeerId)));
                    authorization.AddPolicy(Operators, services.GetRequiredKeyedService<PeerAllowList>(Operators));
                },
                loggers)
            .AddRateLimits(rates => rates
                .Add("submissions", RateLimitScope.Peer, () => new TokenBucketRateLimiter(limits.ToBucket()))
                .Add(RateLimitScope.Peer, () => new ConcurrencyLimiter(limits.ToConcurrency())))
            .AddValidation(validation => validation.For<string>(text => text.Length <= limits.MaxText ? null : $"A job has at most {limits.MaxText} characters."));
    }
}
