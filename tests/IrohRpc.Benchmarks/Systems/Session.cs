namespace IrohRpc.Benchmarks.Systems;

/// <summary>One connection of a system. Its abilities are the interfaces of <c>Abilities.cs</c>; all of them check what they get.</summary>
internal abstract class Session : IAsyncDisposable
{
    /// <summary>The size of a large call's argument and result, in bytes.</summary>
    public const int LargeCall = 64 * 1024;

    /// <summary>The size of a large item, in bytes.</summary>
    public const int LargeItem = 256 * 1024;

    public abstract ValueTask DisposeAsync();

    /// <summary>Throws unless what came back is what was sent.</summary>
    protected static void Check(bool isRight)
    {
        if (!isRight)
        {
            throw new InvalidDataException("What came back is not what was sent.");
        }
    }
}
