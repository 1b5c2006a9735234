namespace IrohRpc.Hostile.Tests;

/// <summary>Runs a command of IrohRpc.Hostile in a process of its own.</summary>
internal static class HostileProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs the command, and fails with what it said where it fails.</summary>
    /// <returns>What it said.</returns>
    public static Task<string> RunAsync(params string[] arguments) => ProgramProcess.RunAsync("IrohRpc.Hostile", Patience, null, arguments);

    /// <summary>The same, as on a machine with so many processors: some collections take memory for each.</summary>
    public static Task<string> RunOnAsync(int processors, params string[] arguments) => ProgramProcess.RunAsync("IrohRpc.Hostile", Patience, processors, arguments);
}
