using System.Reflection;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests.Packages;

/// <summary>The packages of what this test program was built with, and a folder outside the repository for projects that use them.</summary>
public sealed class PackageFeed : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A version that no cache can know.</summary>
    public string Version { get; } = $"0.1.0-test.{DateTime.UtcNow.Ticks}";

    public static string Repository { get; } = Metadata("Repository");

    /// <summary>Where the packages are.</summary>
    public string Path => _folder.File("feed");

    public async ValueTask InitializeAsync() => await ChildProcess.RunAsync(
        "dotnet",
        "pack",
        System.IO.Path.Combine(Repository, "IrohRpc.sln"),
        "--configuration",
        Metadata("Configuration"),
        "--no-build",
        "-nodeReuse:false",
        "--output",
        Path,
        $"-p:PackageVersion={Version}");

    /// <summary>Makes a folder whose projects find the packages.</summary>
    public async Task<OutsideFolder> NewFolderAsync(string name)
    {
        var folder = new OutsideFolder(Directory.CreateDirectory(_folder.File(name)).FullName);

        // The packages under test go to a folder of their own, so that none stays behind; what this repository uses, too, is there already.
        // The feed stands beside the sources that the machine has for everything else.
        await folder.WriteAsync("nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="local" value="{Path}" />
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

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return default;
    }

    private static string Metadata(string key) => typeof(PackageFeed).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == key).Value!;
}
