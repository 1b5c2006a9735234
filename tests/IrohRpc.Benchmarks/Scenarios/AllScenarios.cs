using IrohRpc.Benchmarks.Systems.Emulated;

namespace IrohRpc.Benchmarks.Scenarios;

/// <summary>What is compared, in the order of the output.</summary>
internal static class AllScenarios
{
    /// <summary>Makes those whose name has any of the terms in it, and that have such a number of callers; all where none is given.</summary>
    public static IReadOnlyList<Scenario> Create(IReadOnlyCollection<string> terms, IReadOnlyCollection<int> callers)
    {
        Scenario[] all =
        [
            new SmallCalls(1),
            new SmallCalls(8),
            new SmallCalls(64),
            new SmallCalls(256),
            new LargeCalls(),
            new BlockStream(fromServer: true),
            new BlockStream(fromServer: false),
            new DuplexPingPong(),
            new LargeItems(),
            new RawBytes(),
            new ConnectFirstCall(),
            new IdleConnections(),
            new CallsInFlight(),
            new Mixed(),
            new LargeBlob(),
            new SmallBlobs(),
            new DistantBytes(LinkKind.Far, 100),
            new DistantBytes(LinkKind.Farther, 400),
            new DistantBytes(LinkKind.Lossy, 5),
        ];
        return
        [
            .. all.Where(scenario => terms.Count == 0 || terms.Any(term => scenario.Name.Contains(term, StringComparison.OrdinalIgnoreCase)))
                .Where(scenario => callers.Count == 0 || callers.Contains(scenario.Callers)),
        ];
    }
}
