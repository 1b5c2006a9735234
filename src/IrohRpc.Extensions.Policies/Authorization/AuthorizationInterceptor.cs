using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IrohRpc.Extensions.Policies;

/// <summary>
/// Admits calls of peers by the attributes of what they call. A call that is denied ends with <see cref="RpcStatusCode.PermissionDenied"/> before its arguments are decoded.
/// </summary>
public sealed partial class AuthorizationInterceptor : RpcInterceptor
{
    private readonly AuthorizationOptions _options;
    private readonly ILogger _log;
    private readonly ConditionalWeakTable<RpcMethod, IReadOnlyList<string?>> _policies = [];

    /// <summary>Makes one.</summary>
    /// <param name="options">Who may call what.</param>
    /// <param name="loggerFactory">Hears of what is denied, at debug level, and of policies that are missing or throw; null for nobody.</param>
    public AuthorizationInterceptor(AuthorizationOptions options, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _log = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("IrohRpc.Policies");
    }

    /// <inheritdoc/>
    public override InterceptorStage Stage => InterceptorStage.Admission;

    /// <inheritdoc/>
    public override ValueTask InterceptHandlerAsync(RpcInvocation invocation, RpcInvocationDelegate next)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        ArgumentNullException.ThrowIfNull(next);
        IReadOnlyList<string?> policies = _policies.GetValue(invocation.Method, FindPolicies);
        return policies.Count == 0 ? next(invocation) : AuthorizeAsync(invocation, next, policies);
    }

    private async ValueTask AuthorizeAsync(RpcInvocation invocation, RpcInvocationDelegate next, IReadOnlyList<string?> policies)
    {
        foreach (string? policy in policies)
        {
            if (!await HoldsAsync(invocation, policy).ConfigureAwait(false))
            {
                throw new RpcException(RpcStatusCode.PermissionDenied, $"{invocation.Method} is not for this peer.");
            }
        }

        await next(invocation).ConfigureAwait(false);
    }

    private async ValueTask<bool> HoldsAsync(RpcInvocation invocation, string? policy)
    {
        try
        {
            if (_options.Find(policy) is not { } isAdmitted)
            {
                if (policy is not null)
                {
                    NoSuchPolicy(_log, policy, invocation.Method);
                }

                return false;
            }

            bool holds = await isAdmitted(invocation).ConfigureAwait(false);
            if (!holds && _log.IsEnabled(LogLevel.Debug))
            {
                Denied(_log, invocation.Method, invocation.PeerId.ToShortString(), policy ?? "the default");
            }

            return holds;
        }
        catch (Exception exception) when (exception is not (RpcException or OperationCanceledException))
        {
            // The door stays shut where nobody can say whether it should open.
            PolicyFailed(_log, policy ?? "default", invocation.Method, exception);
            return false;
        }
    }

    // The more specific attribute comes later: it lifts what comes before it, or adds to that.
    private IReadOnlyList<string?> FindPolicies(RpcMethod method)
    {
        List<string?> policies = [];
        bool isDecided = false;
        foreach (object metadata in method.Metadata)
        {
            switch (metadata)
            {
                case AllowAnyPeerAttribute:
                    policies.Clear();
                    isDecided = true;
                    break;
                case AuthorizePeersAttribute authorize:
                    policies.Add(authorize.Policy);
                    isDecided = true;
                    break;
            }
        }

        return isDecided || !_options.DenyByDefault ? policies : [null];
    }

    [LoggerMessage(210, LogLevel.Debug, "{Method} was denied to {Peer} by {Policy} policy.")]
    private static partial void Denied(ILogger logger, RpcMethod method, string peer, string policy);

    [LoggerMessage(211, LogLevel.Error, "There is no policy \"{Policy}\", which {Method} asks for: it is denied to everybody.")]
    private static partial void NoSuchPolicy(ILogger logger, string policy, RpcMethod method);

    [LoggerMessage(212, LogLevel.Error, "The {Policy} policy failed for {Method}, which was denied.")]
    private static partial void PolicyFailed(ILogger logger, string policy, RpcMethod method, Exception exception);
}
