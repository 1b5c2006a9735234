using IrohRpc.Benchmarks.Measuring;

namespace IrohRpc.Benchmarks.Output;

/// <summary>What we mean to reach, and what came out.</summary>
internal static class Verdicts
{
    /// <summary>A target with what was measured.</summary>
    /// <param name="Target">The target in words.</param>
    /// <param name="Measured">What came out, as the target says it.</param>
    /// <param name="IsReached">Whether that is enough.</param>
    internal sealed record Verdict(string Target, double Measured, bool IsReached);

    /// <summary>The verdicts on all targets whose figures are there.</summary>
    public static IEnumerable<Verdict> Of(IReadOnlyList<Result> results)
    {
        var lookup = new Lookup(results);
        return new[]
        {
            lookup.Against("unary-64B", 1, "quic", "msquic", 1),
            lookup.Against("unary-64B", 64, "quic", "msquic", 1.2),
            lookup.Against("unary-64B", 256, "quic", "msquic", 1.2),
            lookup.Against("raw-100MB", 1, "quic", "msquic", 0.8),
            lookup.Faster("raw-100MB", 1, "quic", "grpc-h3", "msquic", 2),
            lookup.Faster("raw-100MB", 1, "quic", "bare-stream", "msquic", 0.9),
            lookup.Against("items-256KiB", 1, "quic", "msquic", 1),
            lookup.Faster("items-256KiB", 1, "quic", "bare-stream", "msquic", 0.9),
            lookup.Against("raw-far-100MB", 1, "quic-far", "msquic-far", 1),
            lookup.Against("raw-lossy-5MB", 1, "quic-lossy", "msquic-lossy", 1),
            lookup.Faster("raw-far-100MB", 1, "quic-far", "grpc-h3", "msquic-far", 1),
            lookup.Faster("raw-lossy-5MB", 1, "quic-lossy", "grpc-h3", "msquic-lossy", 1),
            lookup.BesideBulk("quic", 4),
            lookup.Against("connect-first-call", 1, "quic", "msquic", 1),
            lookup.Held("quic", 24 * 1024),
            lookup.Allocation("quic", 1, 100),
            lookup.Faster("raw-far-100MB", 1, "tls-far", "bare-stream", "tls-far", 0.9),
            lookup.Faster("raw-farther-400MB", 1, "tls-farther", "bare-stream", "tls-farther", 0.9),
            lookup.Detail("blob-large", "quic", "of_raw", 0.7),
            lookup.Detail("blob-large", "tls", "of_raw", 0.7),
            lookup.Least("blobs-small", "quic", 5_000),
            lookup.Least("blobs-small", "tls", 5_000),
            lookup.Faster("unary-64B", 64, "msquic", "grpc-h2", "tls", 6),
            lookup.Faster("unary-64B", 64, "msquic", "grpc-h3", "msquic", 12),
            lookup.Faster("unary-64B", 64, "msquic", "bare-stream-per-call", "msquic", 6),
            lookup.Faster("unary-64B", 64, "tls", "grpc-h2", "tls", 7),
            lookup.Faster("unary-64B", 64, "tls", "streamjsonrpc", "tls", 5),
            lookup.Faster("unary-64B", 256, "msquic", "grpc-h2", "tls", 12),
            lookup.Faster("unary-64B", 256, "tls", "grpc-h2", "tls", 14),
            lookup.Slower("unary-64B", 1, "msquic", 1.15),
            lookup.Slower("unary-64B", 1, "tls", 1.15),
            lookup.Faster("unary-64B", 1, "tls", "grpc-h2", "tls", 1),
            lookup.Allocation("msquic", 64, 200),
            lookup.Allocation("tls", 64, 200),
            lookup.Faster("server-stream-64B", 1, "msquic", "grpc-h2", "tls", 2),
            lookup.Faster("server-stream-64B", 1, "tls", "grpc-h2", "tls", 2),
            lookup.Faster("items-256KiB", 1, "msquic", "bare-stream", "msquic", 0.9),
            lookup.Faster("items-256KiB", 1, "tls", "bare-stream", "tls", 0.85),
            lookup.Faster("raw-100MB", 1, "msquic", "bare-stream", "msquic", 0.9),
            lookup.Faster("raw-100MB", 1, "tls", "bare-stream", "tls", 0.85),
            lookup.BesideBulk("msquic", 3),
            lookup.BesideBulk("tls", 5),
            lookup.Slower("connect-first-call", 1, "msquic", 1.15),
            lookup.Slower("connect-first-call", 1, "tls", 1.15),
            lookup.OwnShare("msquic", 16 * 1024),
            lookup.OwnShare("tls", 48 * 1024),
        }.OfType<Verdict>();
    }

    private sealed class Lookup(IReadOnlyList<Result> results)
    {
        public Verdict? Faster(string scenario, int callers, string transport, string other, string otherTransport, double least)
        {
            if (Find(scenario, callers, "irohrpc", transport) is not { } ours || Find(scenario, callers, other, otherTransport) is not { } theirs)
            {
                return null;
            }

            double ratio = ours.RatioTo(theirs);
            return new Verdict($"{Describe(ours)} on {transport} ≥ {least} × {other}", ratio, ratio >= least);
        }

        public Verdict? Slower(string scenario, int callers, string transport, double most)
        {
            if (Find(scenario, callers, "irohrpc", transport) is not { } ours || Find(scenario, callers, "bare-stream", transport) is not { } bare)
            {
                return null;
            }

            double ratio = ours.Scenario.MoreIsBetter ? bare.RatioTo(ours) : ours.RatioTo(bare);
            return new Verdict($"{Describe(ours)} on {transport}: time ≤ {most} × bare-stream", ratio, ratio <= most);
        }

        /// <summary>Ours on one transport beside ours on another: at least so many times as fast, in whichever unit.</summary>
        public Verdict? Against(string scenario, int callers, string transport, string other, double least)
        {
            if (Find(scenario, callers, "irohrpc", transport) is not { } ours || Find(scenario, callers, "irohrpc", other) is not { } theirs)
            {
                return null;
            }

            double ratio = ours.Scenario.MoreIsBetter ? ours.RatioTo(theirs) : theirs.RatioTo(ours);
            return new Verdict($"{Describe(ours)} on {transport} ≥ {least} × {other}", ratio, ratio >= least);
        }

        public Verdict? Allocation(string transport, int callers, double most)
            => Find("unary-64B", callers, "irohrpc", transport) is { BytesPerOperation: { } bytes }
                ? new Verdict($"unary-64B, {callers} callers on {transport}: bytes a call ≤ {most}", bytes, bytes <= most)
                : null;

        public Verdict? Held(string transport, double most)
            => Find("idle-connections", 1, "irohrpc", transport) is { } ours
                ? new Verdict($"idle-connections on {transport}: bytes, both ends ≤ {most}", ours.Median, ours.Median <= most)
                : null;

        public Verdict? Detail(string scenario, string transport, string detail, double least)
            => Find(scenario, 1, "blobs", transport) is { } ours
                ? new Verdict($"{scenario} on {transport} ≥ {least} × raw stream", ours.Detail(detail), ours.Detail(detail) >= least)
                : null;

        public Verdict? Least(string scenario, string transport, double least)
            => Find(scenario, 1, "blobs", transport) is { } ours
                ? new Verdict($"{scenario} on {transport} ≥ {least} {ours.Scenario.Unit}", ours.Median, ours.Median >= least)
                : null;

        public Verdict? BesideBulk(string transport, double most)
        {
            if (Find("mixed", 1, "irohrpc", transport) is not { } ours)
            {
                return null;
            }

            double ratio = Statistics.Median(ours.Samples.Select(sample => sample.Details["p99"] / sample.Details["p99_alone"]));
            return new Verdict($"mixed on {transport}: p99 ≤ {most} × alone", ratio, ratio <= most);
        }

        public Verdict? OwnShare(string transport, double most)
        {
            if (Find("idle-connections", 1, "irohrpc", transport) is not { } ours || Find("idle-connections", 1, "bare-stream", transport) is not { } bare)
            {
                return null;
            }

            double share = ours.Median - bare.Median;
            return new Verdict($"idle-connections on {transport}: bytes beyond bare-stream ≤ {most}", share, share <= most);
        }

        private Result? Find(string scenario, int callers, string system, string transport)
            => results.FirstOrDefault(result => result.Scenario.Name == scenario && result.Scenario.Callers == callers
                && result.System.Name == system && result.System.Transport == transport);

        private static string Describe(Result result)
            => result.Scenario.Name == "unary-64B" ? $"{result.Scenario.Name}, {result.Scenario.Callers} callers" : result.Scenario.Name;
    }
}
