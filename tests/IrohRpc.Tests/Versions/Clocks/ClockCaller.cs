using IrohRpc.CompilerServices;

namespace IrohRpc.Tests.Versions;

/// <summary>A proxy of one build, with what that build has; null is what it never heard of.</summary>
internal sealed record ClockCaller(
    IContract Proxy,
    Func<CallContext?, CancellationToken, ValueTask<string>> VersionAsync,
    Func<int, int, CancellationToken, ValueTask<int>> AddAsync)
{
    public Func<bool>? SupportsTicks { get; init; }

    public Func<int, CallContext?, CancellationToken, IAsyncEnumerable<string>>? TicksAsync { get; init; }

    public Func<bool>? SupportsMultiply { get; init; }

    public Func<int, int, CancellationToken, ValueTask<int>>? MultiplyAsync { get; init; }
}
