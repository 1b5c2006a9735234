using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests.Packages;

/// <summary>A folder with projects that know this repository by its packages alone.</summary>
public sealed class OutsideFolder(string path)
{
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
        await using ChildProcess build = ChildProcess.Start(
            "dotnet", ["build", File(project), "-nodeReuse:false", "-p:UseSharedCompilation=false", "-tl:off", .. arguments]);
        int code = await build.ExitAsync();
        return (code == 0, build.Output.Text + build.Errors.Text);
    }

    /// <summary>Builds what must build.</summary>
    public async Task<string> MustBuildAsync(string project, params IEnumerable<string> arguments)
    {
        (bool succeeded, string output) = await BuildAsync(project, arguments);
        Assert.True(succeeded, output);
        return output;
    }
}
