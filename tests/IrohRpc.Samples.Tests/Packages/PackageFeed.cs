using System.Reflection;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests.Packages;

/// <summary>The packages of what this test program was built with, packed when the first test asks, and a folder outside the repository for projects that use them.</summary>
public sealed class PackageFeed : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task> _packing;
    private readonly Lazy<CompilerServer?> _compiler = new(CompilerServer.Start);

    public PackageFeed() => _packing = new(PackAsync);

    /// <summary>A version that no cache can know.</summary>
    public string Version { get; } = $"0.1.0-test.{DateTime.UtcNow.Ticks}";

    public static string Repository { get; } = Metadata("Repository");

    /// <summary>Where the packages are.</summary>
    public async Task<string> PathAsync()
    {
        await _packing.Value;
        return Feed;
    }

    private string Feed => _folder.File("feed");

    /// <summary>Makes a folder whose projects find the packages.</summary>
    public async Task<OutsideFolder> NewFolderAsync(string name)
    {
        string feed = await PathAsync();
        var folder = new OutsideFolder(Directory.CreateDirectory(_folder.File(name)).FullName, _compiler.Value?.Arguments ?? ["-p:UseSharedCompilation=false"]);

        // The packages under test go to a folder of their own, so that none stays behind; what this repository uses, too, is there already.
        // The feed stands beside the sources that the machine has for everything else.
        await folder.WriteAsync("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="local" value="{feed}" />
              </packageSources>
            </configuration>
            """);
        await folder.WriteAsync("Directory.Build.props", $"""
            <Project>
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <RestorePackagesPath>{_folder.File("packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{Metadata("PackageFolder")}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="IrohRpc" Version="{Version}" />
                <PackageReference Include="MemoryPack" Version="{Metadata("MemoryPackVersion")}" />
              </ItemGroup>
            </Project>
            """);
        return folder;
    }

    public async ValueTask DisposeAsync()
    {
        if (_compiler is { IsValueCreated: true, Value: { } compiler })
        {
            await compiler.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task PackAsync() => await ChildProcess.RunAsync(
        "dotnet",
        OutsideFolder.Patience,
        "pack",
        Path.Combine(Repository, "IrohRpc.sln"),
        "--configuration",
        Metadata("Configuration"),
        "--no-build",
        "-nodeReuse:false",
        "--output",
        Feed,
        $"-p:PackageVersion={Version}");

    private static string Metadata(string key) => typeof(PackageFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == key).Value!;
}
