using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests.Packages;

/// <summary>A folder with projects that know this repository by its packages alone.</summary>
/// <param name="path">The folder.</param>
/// <param name="compiler">What every build is told about the compiler.</param>
public sealed class OutsideFolder(string path, string[] compiler)
{
    /// <summary>How long a build may take on a machine that is slow or busy: a bound, not a wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public string File(string name) => Path.Combine(path, name);

    public Task<string> ReadAsync(string name) => System.IO.File.ReadAllTextAsync(File(name), TestContext.Current.CancellationToken);

    public Task WriteAsync(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File(name))!);
        return System.IO.File.WriteAllTextAsync(File(name), text, TestContext.Current.CancellationToken);
    }

    /// <summary>Runs "dotnet build"; the result is what it printed, and whether it succeeded.</summary>
    public async Task<(bool Succeeded, string Output)> BuildAsync(string project, params IEnumerable<string> arguments)
    {
        await using ChildProcess build = ChildProcess.Start("dotnet", ["build", File(project), "-nodeReuse:false", "-tl:off", .. compiler, .. arguments]);
        int code = await build.ExitAsync(Patience);
        return (code == 0, build.Output.Text + build.Errors.Text);
    }

    /// <summary>Builds what must build.</summary>
    public async Task<string> MustBuildAsync(string project, params IEnumerable<string> arguments)
    {
        (bool succeeded, string output) = await BuildAsync(project, arguments);
        Assert.True(succeeded, output);
        return output;
    }

    /// <summary>Runs "dotnet run", and returns what was printed, warnings of the build included.</summary>
    public Task<string> RunAsync(string project) => ChildProcess.RunAsync("dotnet", Patience, ["run", "--project", File(project), .. compiler]);
}
