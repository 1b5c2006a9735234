using IrohRpc.Benchmarks.Systems;

namespace IrohRpc.Benchmarks.Measuring;

/// <summary>A system with the connection that its turns run on.</summary>
internal sealed record Contestant(BenchmarkSystem System, Session Session);
