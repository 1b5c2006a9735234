using System.Reflection;
using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests.Packages;

/// <summary>
/// A compiler that stays warm between the many small builds of these tests. It belongs to them alone: the machine's own would keep the generator of a package that is gone, and outlive the tests.
/// </summary>
internal sealed class CompilerServer : IAsyncDisposable
{
    private readonly string _pipe = $"irohrpc-{Guid.NewGuid():N}";
    private readonly ChildProcess _process;

    private CompilerServer() => _process = ChildProcess.Start("dotnet", Program, $"-pipename:{_pipe}");

    private static string Program { get; } = Path.Combine(
        typeof(CompilerServer).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "CompilerFolder").Value!, "bincore", "VBCSCompiler.dll");

    /// <summary>What makes a build use it.</summary>
    public string[] Arguments => ["-p:UseSharedCompilation=true", $"-p:SharedCompilationId={_pipe}"];

    /// <summary>Starts it; null where the SDK has it elsewhere, and each build has a compiler of its own.</summary>
    public static CompilerServer? Start() => File.Exists(Program) ? new CompilerServer() : null;

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
