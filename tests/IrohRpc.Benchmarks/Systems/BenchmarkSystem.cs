using IrohRpc.Benchmarks.Systems.Emulated;

namespace IrohRpc.Benchmarks.Systems;

/// <summary>One way to call, over one transport: its listening side runs in this process for as long as the object lives.</summary>
/// <param name="name">The system's name in the output.</param>
/// <param name="transport">The transport's name in the output.</param>
internal abstract class BenchmarkSystem(string name, string transport) : IAsyncDisposable
{
    /// <summary>The largest message that any scenario sends in one piece, with room around it.</summary>
    protected const int LargestMessage = 4 * 1024 * 1024;

    public string Name => name;

    public string Transport => transport;

    /// <summary>What lies between both sides; null for loopback alone.</summary>
    public virtual LinkKind? Link => null;

    public override string ToString() => $"{name} on {transport}";

    /// <summary>Starts the listening side.</summary>
    public abstract Task StartAsync();

    /// <summary>Makes one connection. What it can do is seen from the interfaces that the session has.</summary>
    public abstract Task<Session> ConnectAsync();

    public abstract ValueTask DisposeAsync();
}
