using System.IO.Compression;
using System.Reflection;
using System.Xml.Linq;
using IrohRpc.Samples.Tests.Programs;
using IrohRpc.Samples.Tests.Servers;

namespace IrohRpc.Samples.Tests;

/// <summary>The packages as somebody outside this repository meets them.</summary>
public sealed class PackageTests
{
    // A version that no cache can know.
    private static readonly string Version = $"0.1.0-test.{DateTime.UtcNow.Ticks}";

    [Fact]
    public async Task A_project_that_references_the_packages_runs_the_example_of_the_README()
    {
        using var folder = new TemporaryFolder();
        string feed = Path.Combine(folder.Path, "feed");
        await PackAsync(feed);
        CheckPackages(feed);

        string project = Directory.CreateDirectory(Path.Combine(folder.Path, "example")).FullName;
        await WriteProjectAsync(project, feed);
        await WriteAsync(project, "Program.cs", Example(await ReadAsync(Path.Combine(Repository, "README.md"))));

        string output = await ChildProcess.RunAsync(
            "dotnet", "run", "--project", Path.Combine(project, "example.csproj"), "-p:UseSharedCompilation=false");

        Assert.Equal("Hello, world", output.Trim());
    }

    private static string Repository { get; } = Metadata("Repository");

    private static string Configuration { get; } = Metadata("Configuration");

    /// <summary>Packs what this test program was built with.</summary>
    private static Task<string> PackAsync(string feed) => ChildProcess.RunAsync(
        "dotnet",
        "pack",
        Path.Combine(Repository, "IrohRpc.sln"),
        "--configuration",
        Configuration,
        "--no-build",
        "-nodeReuse:false",
        "--output",
        feed,
        $"-p:PackageVersion={Version}");

    /// <summary>Each package says the same of itself, and asks for its siblings in the very version that was packed with it.</summary>
    private static void CheckPackages(string feed)
    {
        string[] packages = [.. Directory.GetFiles(feed, "*.nupkg").Order(StringComparer.Ordinal)];
        string[] expected = ["IrohRpc", "IrohRpc.Identity", "IrohRpc.Multiplexing", "IrohRpc.Routing", "IrohRpc.Transports"];
        Assert.Equal(expected.Select(id => $"{id}.{Version}.nupkg").Order(StringComparer.Ordinal), packages.Select(Path.GetFileName));
        foreach (string package in packages)
        {
            using ZipArchive archive = ZipFile.OpenRead(package);
            XElement metadata = Load(archive.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal))).Elements().Single();
            string id = Text(metadata, "id");
            Assert.Equal(["MIT", "README.md"], [Text(metadata, "license"), Text(metadata, "readme")]);
            Assert.NotEmpty(Text(metadata, "description"));
            Assert.All(
                metadata.Descendants().Where(element => element.Name.LocalName == "dependency"),
                dependency => Assert.True(
                    !dependency.Attribute("id")!.Value.StartsWith("IrohRpc", StringComparison.Ordinal) || dependency.Attribute("version")!.Value == Version,
                    $"{id} depends on {dependency}"));
            Assert.NotNull(archive.GetEntry("README.md"));
            Assert.NotNull(archive.GetEntry($"lib/net10.0/{id}.xml"));
            Assert.Equal(id == "IrohRpc", archive.GetEntry("analyzers/dotnet/cs/IrohRpc.Generators.dll") is not null);
        }
    }

    private static async Task WriteProjectAsync(string project, string feed)
    {
        // The packages under test go to a folder of their own, so that none stays behind; what this repository uses, too, is there already.
        // The feed stands beside the sources that the machine has for everything else.
        await WriteAsync(project, "nuget.config", $"""
            <configuration>
              <packageSources>
                <add key="local" value="{feed}" />
              </packageSources>
            </configuration>
            """);
        await WriteAsync(project, "example.csproj", $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <RestorePackagesPath>{Path.Combine(project, "packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{Metadata("PackageFolder")}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="IrohRpc" Version="{Version}" />
                <PackageReference Include="MemoryPack" Version="{Metadata("MemoryPackVersion")}" />
              </ItemGroup>
            </Project>
            """);
    }

    /// <summary>What stands between the first fences of C#.</summary>
    private static string Example(string page)
    {
        const string opening = "```csharp\n";
        int start = page.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        Assert.True(start >= opening.Length, "README.md has no example");
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static string Metadata(string key) => typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(one => one.Key == key).Value!;

    private static XElement Load(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        return XElement.Load(stream);
    }

    private static string Text(XElement metadata, string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    private static async Task<string> ReadAsync(string path)
        => (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");

    private static Task WriteAsync(string folder, string name, string text)
        => File.WriteAllTextAsync(Path.Combine(folder, name), text, TestContext.Current.CancellationToken);
}
