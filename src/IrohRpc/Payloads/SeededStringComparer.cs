namespace IrohRpc.Payloads;

/// <summary>Compares strings as they are, by hashes that have a seed in each process. .NET takes <see cref="StringComparer.Ordinal"/> as leave to use others.</summary>
internal sealed class SeededStringComparer : IEqualityComparer<string>
{
    private SeededStringComparer()
    {
    }

    public static SeededStringComparer Instance { get; } = new();

    public bool Equals(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    public int GetHashCode(string text) => text.GetHashCode(StringComparison.Ordinal);
}
