namespace IrohRpc.Benchmarks.Tracing;

/// <summary>One read or write of a stream.</summary>
/// <param name="Began">When it was called.</param>
/// <param name="Ended">When it had completed.</param>
/// <param name="Total">How many bytes the stream had carried in this direction by then.</param>
/// <param name="Waited">Whether it did not complete at once.</param>
internal readonly record struct StreamStep(long Began, long Ended, long Total, bool Waited);
