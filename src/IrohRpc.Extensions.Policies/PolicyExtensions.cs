using Microsoft.Extensions.Logging;

namespace IrohRpc.Extensions.Policies;

/// <summary>Adds policies in one line each.</summary>
public static class PolicyExtensions
{
    /// <summary>Adds authorization.</summary>
    /// <param name="interceptors">The interceptors of a service.</param>
    /// <param name="configure">Says who may call what.</param>
    /// <param name="loggerFactory">Hears of what is denied; null for nobody.</param>
    public static InterceptorCollection AddAuthorization(
        this InterceptorCollection interceptors, Action<AuthorizationOptions> configure, ILoggerFactory? loggerFactory = null)
    {
        var options = new AuthorizationOptions();
        Require(interceptors, configure)(options);
        interceptors.Add(new AuthorizationInterceptor(options, loggerFactory));
        return interceptors;
    }

    /// <summary>Adds limits of rate and of concurrency.</summary>
    /// <param name="interceptors">The interceptors of a service.</param>
    /// <param name="configure">Says the limits.</param>
    public static InterceptorCollection AddRateLimits(this InterceptorCollection interceptors, Action<RateLimitOptions> configure)
    {
        var options = new RateLimitOptions();
        Require(interceptors, configure)(options);
        interceptors.Add(new RateLimitInterceptor(options));
        return interceptors;
    }

    /// <summary>Adds a log line for each call.</summary>
    /// <param name="interceptors">The interceptors of a service or a client.</param>
    /// <param name="loggerFactory">Where the lines go.</param>
    /// <param name="configure">Says what is logged; null for the defaults.</param>
    public static InterceptorCollection AddLogging(
        this InterceptorCollection interceptors, ILoggerFactory loggerFactory, Action<LoggingInterceptorOptions>? configure = null)
    {
        var options = new LoggingInterceptorOptions();
        Require(interceptors, configure ?? (static _ => { }))(options);
        interceptors.Add(new LoggingInterceptor(loggerFactory, options));
        return interceptors;
    }

    /// <summary>Adds checks of arguments.</summary>
    /// <param name="interceptors">The interceptors of a service or a client.</param>
    /// <param name="configure">Adds the checks.</param>
    public static InterceptorCollection AddValidation(this InterceptorCollection interceptors, Action<ValidationInterceptor> configure)
    {
        var validation = new ValidationInterceptor();
        Require(interceptors, configure)(validation);
        interceptors.Add(validation);
        return interceptors;
    }

    /// <summary>Adds hedging of idempotent calls.</summary>
    /// <param name="interceptors">The interceptors of a client.</param>
    /// <param name="configure">Says when; null for the defaults.</param>
    public static InterceptorCollection AddHedging(this InterceptorCollection interceptors, Action<HedgingOptions>? configure = null)
    {
        var options = new HedgingOptions();
        Require(interceptors, configure ?? (static _ => { }))(options);
        interceptors.Add(new HedgingInterceptor(options));
        return interceptors;
    }

    private static Action<T> Require<T>(InterceptorCollection interceptors, Action<T> configure)
    {
        ArgumentNullException.ThrowIfNull(interceptors);
        ArgumentNullException.ThrowIfNull(configure);
        return configure;
    }
}
