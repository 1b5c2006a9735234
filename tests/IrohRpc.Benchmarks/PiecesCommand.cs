using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace IrohRpc.Benchmarks;

/// <summary>The pieces that a call is made of, one by one, with BenchmarkDotNet.</summary>
internal static class PiecesCommand
{
    public static Command Create()
    {
        var command = new Command("pieces", "Measure the pieces of a call, one by one. What follows is for BenchmarkDotNet: --filter *Framing*, --job medium, --list flat.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(parsed => Run([.. parsed.UnmatchedTokens]));
        return command;
    }

    private static int Run(string[] args)
    {
        // Without a filter, BenchmarkDotNet would ask at the terminal; without a job, it would measure for much longer.
        string[] filter = Has(args, "-f", "--filter") ? [] : ["--filter", "*"];
        string[] job = Has(args, "-j", "--job") ? [] : ["--job", "short"];
        bool ran = BenchmarkSwitcher.FromAssembly(typeof(PiecesCommand).Assembly).Run([.. filter, .. job, .. args], Config())
            .All(summary => summary is { HasCriticalValidationErrors: false } && summary.Reports.All(report => report.Success));
        return ran ? 0 : 1;
    }

    private static bool Has(string[] args, string brief, string full)
        => args.Any(argument => argument == brief || argument == full || argument.StartsWith(full + "=", StringComparison.Ordinal));

    /// <summary>All in this process: a project for each piece would take minutes to build.</summary>
    private static ManualConfig Config()
        => ManualConfig.Create(DefaultConfig.Instance).AddJob(new Job().WithToolchain(InProcessEmitToolchain.Instance).AsMutator());
}
