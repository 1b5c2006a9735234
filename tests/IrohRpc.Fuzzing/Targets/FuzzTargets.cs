namespace IrohRpc.Fuzzing;

/// <summary>All targets.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. QuicTargets.All, .. TlsTargets.All, .. MultiplexingTargets.All, .. IdentityTargets.All, .. CallTargets.All, .. ReachTargets.All, .. BlobTargets.All, .. GossipTargets.All,
        .. ContractTargets.All, .. PayloadTargets.All,
    ];

    public static FuzzTarget Find(string name) => All.FirstOrDefault(target => target.Name == name)
        ?? throw new ArgumentException($"There is no target {name}: {string.Join(", ", All.Select(static target => target.Name))}.");

    /// <summary>Fails where something does not hold.</summary>
    public static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new FuzzFinding(what);
        }
    }
}
