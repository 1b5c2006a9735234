namespace KeyValue.Storage;

/// <summary>What the numbers of a key are; all zero for one that is not there.</summary>
/// <param name="CreateRevision">The revision since which it has existed.</param>
/// <param name="ModRevision">The revision that set it.</param>
/// <param name="Version">How often it was set.</param>
internal readonly record struct KeyState(long CreateRevision, long ModRevision, long Version)
{
    /// <summary>Whether the key is there.</summary>
    public bool IsThere => Version > 0;
}
