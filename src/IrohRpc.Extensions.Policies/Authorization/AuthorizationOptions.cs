namespace IrohRpc.Extensions.Policies;

/// <summary>Who may call what. Set up before calls come; not changed afterwards.</summary>
public sealed class AuthorizationOptions
{
    private readonly Dictionary<string, Func<RpcInvocation, ValueTask<bool>>> _policies = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether a method with neither <see cref="AuthorizePeersAttribute"/> nor <see cref="AllowAnyPeerAttribute"/>, its contract included, needs <see cref="DefaultPolicy"/>.
    /// Default no: such a method is open to every peer. Without a default policy, yes denies it to everybody.
    /// </summary>
    public bool DenyByDefault { get; set; }

    /// <summary>What <see cref="AuthorizePeersAttribute"/> without a name asks for. Null, the default, admits nobody.</summary>
    public Func<RpcInvocation, ValueTask<bool>>? DefaultPolicy { get; set; }

    /// <summary>Adds a policy that a delegate decides.</summary>
    /// <param name="name">The name that <see cref="AuthorizePeersAttribute"/> gives.</param>
    /// <param name="isAdmitted">Decides. It may look at everything but the arguments, which are not decoded yet; an exception denies.</param>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public AuthorizationOptions AddPolicy(string name, Func<RpcInvocation, ValueTask<bool>> isAdmitted)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(isAdmitted);
        _policies.Add(name, isAdmitted);
        return this;
    }

    /// <summary>Adds a policy that admits the peers of a list, as it is at each call.</summary>
    /// <param name="name">The name that <see cref="AuthorizePeersAttribute"/> gives.</param>
    /// <param name="peers">The list, which stays the caller's.</param>
    public AuthorizationOptions AddPolicy(string name, PeerAllowList peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        return AddPolicy(name, invocation => ValueTask.FromResult(peers.Contains(invocation.PeerId)));
    }

    /// <summary>Adds a policy that admits some peers.</summary>
    /// <param name="name">The name that <see cref="AuthorizePeersAttribute"/> gives.</param>
    /// <param name="peers">The peers.</param>
    public AuthorizationOptions AddPolicy(string name, params IEnumerable<EndpointId> peers) => AddPolicy(name, PeerAllowList.Of(peers));

    internal Func<RpcInvocation, ValueTask<bool>>? Find(string? name)
        => name is null ? DefaultPolicy : _policies.GetValueOrDefault(name);
}
