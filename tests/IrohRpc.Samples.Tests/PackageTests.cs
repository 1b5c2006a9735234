using System.IO.Compression;
using System.Xml.Linq;
using IrohRpc.Samples.Tests.Packages;
using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests;

/// <summary>The packages as somebody outside this repository meets them.</summary>
[Collection<SharedPackages>]
public sealed class PackageTests(PackageFeed feed)
{
    [Fact]
    public async Task A_project_that_references_the_packages_runs_the_example_of_the_README()
    {
        OutsideFolder folder = await feed.NewFolderAsync("example");
        await folder.WriteAsync("example.csproj", """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
              </PropertyGroup>
            </Project>
            """);
        await folder.WriteAsync("Program.cs", Example(await ReadAsync(Path.Combine(PackageFeed.Repository, "README.md"))));

        // Recorded as well, since a new contract that is not recorded is a warning, and warnings are printed.
        string output = await ChildProcess.RunAsync(
            "dotnet", "run", "--project", folder.File("example.csproj"), "-p:UseSharedCompilation=false", "-p:RecordContracts=true");

        Assert.Equal("Hello, world", output.Trim());
        Assert.Contains("alpn greeter/1", await folder.ReadAsync("IrohRpc.Shipped.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_packages_agree_with_each_other()
    {
        string[] packages = [.. Directory.GetFiles(feed.Path, "*.nupkg").Order(StringComparer.Ordinal)];
        string[] expected =
        [
            "IrohRpc", "IrohRpc.Blobs", "IrohRpc.Gossip", "IrohRpc.Hashing", "IrohRpc.Identity", "IrohRpc.Multiplexing", "IrohRpc.Quic", "IrohRpc.Reach", "IrohRpc.Relay",
            "IrohRpc.Routing", "IrohRpc.Testing", "IrohRpc.Transports",
        ];
        Assert.Equal(expected.Select(id => $"{id}.{feed.Version}.nupkg").Order(StringComparer.Ordinal), packages.Select(Path.GetFileName));
        Assert.All(packages, CheckPackage);
    }

    /// <summary>Each package says the same of itself, and asks for its siblings in the very version that was packed with it.</summary>
    private void CheckPackage(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        XElement metadata = Load(archive.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal))).Elements().Single();
        string id = Text(metadata, "id");
        Assert.Equal(["MIT", "README.md"], [Text(metadata, "license"), Text(metadata, "readme")]);
        Assert.NotEmpty(Text(metadata, "description"));
        Assert.All(
            metadata.Descendants().Where(element => element.Name.LocalName == "dependency"),
            dependency => Assert.True(
                !dependency.Attribute("id")!.Value.StartsWith("IrohRpc", StringComparison.Ordinal) || dependency.Attribute("version")!.Value == feed.Version,
                $"{id} depends on {dependency}"));
        Assert.NotNull(archive.GetEntry("README.md"));
        Assert.NotNull(archive.GetEntry($"lib/net10.0/{id}.xml"));
        string[] forContracts = ["analyzers/dotnet/cs/IrohRpc.Generators.dll", "build/IrohRpc.targets", "build/WriteShippedContracts.cs",
            "buildTransitive/IrohRpc.targets", "docs/diagnostics/IROHRPC001.md"];
        Assert.All(forContracts, name => Assert.Equal(id == "IrohRpc", archive.GetEntry(name) is not null));
    }

    /// <summary>What stands between the first fences of C#.</summary>
    private static string Example(string page)
    {
        const string opening = "```csharp\n";
        int start = page.IndexOf(opening, StringComparison.Ordinal) + opening.Length;
        Assert.True(start >= opening.Length, "README.md has no example");
        return page[start..page.IndexOf("```", start, StringComparison.Ordinal)];
    }

    private static XElement Load(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        return XElement.Load(stream);
    }

    private static string Text(XElement metadata, string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;

    private static async Task<string> ReadAsync(string path)
        => (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).ReplaceLineEndings("\n");
}
