using IrohRpc.Hostile.Tests;

namespace IrohRpc.Model.Tests;

/// <summary>Whatever happens to calls, and in whatever order, each ends as the reference model allows.</summary>
public sealed class ModelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>
    /// Calls of every shape, cancels, deadlines, losses, partitions, shutdowns and restarts: every call ends once, with a status that the model allows; handlers run at most once, no answer
    /// reaches another call, and nothing is left.
    /// </summary>
    [Fact]
    public async Task Every_call_of_a_thousand_random_schedules_ends_once_as_the_model_allows()
        => Assert.Contains(" 0 failures", await RunAsync("run", "1000", "1"), StringComparison.Ordinal);

    /// <summary>The same steps happen again in the same order: what a seed has found can be looked at.</summary>
    [Fact]
    public async Task Schedule_of_a_seed_is_the_same_again()
        => Assert.Equal(await RunAsync("replay", "38"), await RunAsync("replay", "38"));

    // One thread, so that a seed does the same again.
    private static Task<string> RunAsync(params string[] arguments) => ProgramProcess.RunAsync("IrohRpc.Model", Patience, 1, arguments);
}
