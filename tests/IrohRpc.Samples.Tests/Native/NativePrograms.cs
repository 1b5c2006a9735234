using System.Reflection;
using System.Runtime.InteropServices;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests.Native;

/// <summary>The programs that tests want as native code, published together when the first test asks: what they share is compiled once.</summary>
public sealed class NativePrograms : IDisposable
{
    // A bound for machines that are slow or busy; it takes half a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<string[]>> _publish;

    public NativePrograms() => _publish = new(PublishAsync);

    private static string Repository { get; } = typeof(NativePrograms).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == "Repository").Value!;

    // Without the distribution's name, which the SDK of a distribution puts into its own.
    private static string RuntimeIdentifier { get; }
        = $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>What the SDK printed as it published them; skips the test where the machine has no linker or cannot have the native compiler.</summary>
    public Task<string[]> OutputAsync() => _publish.Value;

    /// <summary>Where a program is once it is published.</summary>
    public async Task<string> FindAsync(string project, string program)
    {
        await _publish.Value;
        string name = OperatingSystem.IsWindows() ? program + ".exe" : program;
        return Directory.GetFiles(_folder.File($"artifacts/publish/{project}"), name, SearchOption.AllDirectories).Single();
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>What tells the SDK which linker there is; it takes clang where it is not told.</summary>
    private static string[] Linker()
    {
        if (InstalledSoftware.Find("clang") is not null)
        {
            return [];
        }

        Assert.SkipWhen(InstalledSoftware.Find("gcc") is null, "Neither clang nor gcc is installed, and native code needs one to be linked.");
        return ["-p:CppCompilerAndLinker=gcc", "-p:LinkerFlavor="];
    }

    private async Task<string[]> PublishAsync()
    {
        string[] linker = Linker();
        string projects = _folder.File("native.proj");
        await File.WriteAllTextAsync(projects, $"""
            <Project>
              <ItemGroup>
                <Program Include="{Repository}/samples/Greeter/Greeter.csproj;{Repository}/tests/IrohRpc.Native/IrohRpc.Native.csproj" />
              </ItemGroup>
              <Target Name="Restore">
                <MSBuild Projects="@(Program)" Targets="Restore" />
              </Target>
              <Target Name="Publish">
                <MSBuild Projects="@(Program)" Targets="Publish" BuildInParallel="true" />
              </Target>
            </Project>
            """);
        await using ChildProcess publish = ChildProcess.Start(
            "dotnet",
            [
                "msbuild",
                projects,
                "-restore",
                "-target:Publish",
                "-maxCpuCount",
                "-nodeReuse:false",
                "-p:Configuration=Release",
                $"-p:RuntimeIdentifier={RuntimeIdentifier}",
                "-p:_IsPublishing=true",
                $"-p:ArtifactsPath={_folder.File("artifacts")}",
                "-p:UseSharedCompilation=false",
                "-p:Native=true",
                "-p:TrimmerSingleWarn=false",
                "-p:TreatWarningsAsErrors=false",
                .. linker,
            ]);
        int code = await publish.ExitAsync(Patience);
        Assert.SkipWhen(
            code != 0 && publish.Output.Text.Contains("error NU", StringComparison.Ordinal), $"The native compiler could not be had:\n{publish.Output.Text}");
        Assert.True(code == 0, $"{publish.Output.Text}\n{publish.Errors.Text}");
        return publish.Output.Lines;
    }
}
