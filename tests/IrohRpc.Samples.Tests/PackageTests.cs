using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using IrohRpc.Samples.Tests.Packages;
using IrohRpc.Samples.Tests.Programs;

namespace IrohRpc.Samples.Tests;

/// <summary>The packages as somebody outside this repository meets them.</summary>
public sealed partial class PackageTests(PackageFeed feed)
{
    private const string Home = "https://github.com/irohrpc/irohrpc";

    private static readonly Guid SourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A");

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Link();

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

        // Warnings would be printed as well: there are none.
        Assert.Equal("Hello, world", (await folder.RunAsync("example.csproj")).Trim());

        await folder.MustBuildAsync("example.csproj", "-p:RecordContracts=true");
        Assert.Contains("alpn greeter/1", await folder.ReadAsync("IrohRpc.Shipped.txt"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_packages_agree_with_each_other()
    {
        string[] packages = [.. Directory.GetFiles(await feed.PathAsync(), "*.nupkg").Order(StringComparer.Ordinal)];
        string[] expected =
        [
            "IrohRpc", "IrohRpc.Blobs", "IrohRpc.Extensions.Hosting", "IrohRpc.Extensions.OpenTelemetry", "IrohRpc.Extensions.Policies", "IrohRpc.Gossip", "IrohRpc.Hashing", "IrohRpc.Identity",
            "IrohRpc.Multiplexing", "IrohRpc.Quic", "IrohRpc.Reach", "IrohRpc.Relay", "IrohRpc.Routing", "IrohRpc.Testing", "IrohRpc.Transports",
        ];
        Assert.Equal(expected.Select(id => $"{id}.{feed.Version}.nupkg").Order(StringComparer.Ordinal), packages.Select(Path.GetFileName));
        Assert.All(packages, CheckPackage);
    }

    /// <summary>Internals may be shared by packages that cannot be mixed: the friend has to ask for the very version.</summary>
    [Fact]
    public async Task Packages_that_share_internals_pin_each_other()
    {
        var pins = new Dictionary<string, HashSet<string>>();
        var friends = new List<(string Of, string Friend)>();
        foreach (string package in Directory.GetFiles(await feed.PathAsync(), "*.nupkg"))
        {
            using ZipArchive archive = ZipFile.OpenRead(package);
            XElement metadata = Load(archive.Entries.Single(static entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal))).Elements().Single();
            string id = Text(metadata, "id");
            pins[id] = [.. metadata.Descendants().Where(element => element.Name.LocalName == "dependency" && element.Attribute("version")!.Value == $"[{feed.Version}]").Select(static element => element.Attribute("id")!.Value)];
            friends.AddRange(FriendsOf(archive.GetEntry($"lib/net10.0/{id}.dll")!).Select(friend => (id, friend)));
        }

        (string Of, string Friend)[] shared = [.. friends.Where(pair => pins.ContainsKey(pair.Friend))];
        Assert.NotEmpty(shared);
        Assert.All(shared, pair => Assert.True(Pins(pair.Friend, pair.Of), $"{pair.Friend} sees internals of {pair.Of} and does not ask for exactly its version."));

        bool Pins(string friend, string id) => pins.TryGetValue(friend, out HashSet<string>? direct) && (direct.Contains(id) || direct.Any(one => Pins(one, id)));
    }

    private static List<string> FriendsOf(ZipArchiveEntry assembly)
    {
        using var content = new MemoryStream();
        using (Stream stream = assembly.Open())
        {
            stream.CopyTo(content);
        }

        content.Position = 0;
        using var image = new PEReader(content);
        MetadataReader reader = image.GetMetadataReader();
        var found = new List<string>();
        foreach (CustomAttribute attribute in reader.GetAssemblyDefinition().GetCustomAttributes().Select(reader.GetCustomAttribute))
        {
            if (attribute.Constructor.Kind == HandleKind.MemberReference
                && reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is { Kind: HandleKind.TypeReference } parent
                && reader.GetString(reader.GetTypeReference((TypeReferenceHandle)parent).Name) == "InternalsVisibleToAttribute")
            {
                BlobReader value = reader.GetBlobReader(attribute.Value);
                value.ReadUInt16();
                found.Add(value.ReadSerializedString()!);
            }
        }

        return found;
    }

    /// <summary>Each package says the same of itself, and asks for its siblings in the very version that was packed with it.</summary>
    private void CheckPackage(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        XElement metadata = Load(archive.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal))).Elements().Single();
        string id = Text(metadata, "id");
        Assert.Equal(["MIT", "README.md", "icon.png", Home], [Text(metadata, "license"), Text(metadata, "readme"), Text(metadata, "icon"), Text(metadata, "projectUrl")]);
        Assert.Contains("CHANGELOG.md", Text(metadata, "releaseNotes"), StringComparison.Ordinal);
        XElement repository = metadata.Elements().Single(element => element.Name.LocalName == "repository");
        Assert.Equal(("git", Home, 40), (repository.Attribute("type")!.Value, repository.Attribute("url")!.Value, repository.Attribute("commit")!.Value.Length));
        Assert.NotEmpty(Text(metadata, "description"));
        Assert.All(
            metadata.Descendants().Where(element => element.Name.LocalName == "dependency"),
            dependency => Assert.True(
                !dependency.Attribute("id")!.Value.StartsWith("IrohRpc", StringComparison.Ordinal) || dependency.Attribute("version")!.Value == $"[{feed.Version}]",
                $"{id} depends on {dependency}"));
        CheckReadme(id, archive.GetEntry("README.md")!);
        Assert.NotNull(archive.GetEntry("icon.png"));
        CheckSymbols(Path.ChangeExtension(package, ".snupkg"), id);
        Assert.NotNull(archive.GetEntry($"lib/net10.0/{id}.xml"));
        string[] forContracts = ["analyzers/dotnet/cs/IrohRpc.Generators.dll", "build/IrohRpc.targets", "build/WriteShippedContracts.cs",
            "buildTransitive/IrohRpc.targets", "docs/diagnostics/IROHRPC001.md"];
        Assert.All(forContracts, name => Assert.Equal(id == "IrohRpc", archive.GetEntry(name) is not null));
    }

    // What is shown beside a package has to lead somewhere from there.
    private static void CheckReadme(string id, ZipArchiveEntry readme)
    {
        using var reader = new StreamReader(readme.Open());
        string text = reader.ReadToEnd();
        Assert.StartsWith($"# {id}\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.All(Link().Matches(text), link => Assert.StartsWith("https://", link.Groups[1].Value, StringComparison.Ordinal));
        foreach (Match link in Link().Matches(text))
        {
            const string blob = Home + "/blob/main/";
            if (link.Groups[1].Value is { } target && target.StartsWith(blob, StringComparison.Ordinal))
            {
                string file = Path.Combine(PackageFeed.Repository, target[blob.Length..].Split('#')[0]);
                Assert.True(File.Exists(file), $"{id} links to {target}, which is not in the repository");
            }
        }
    }

    // A debugger finds the sources of exactly this build by what the symbols say.
    private static void CheckSymbols(string package, string id)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        using var content = new MemoryStream();
        using (Stream symbols = archive.GetEntry($"lib/net10.0/{id}.pdb")!.Open())
        {
            symbols.CopyTo(content);
        }

        content.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(content);
        MetadataReader reader = provider.GetMetadataReader();
        string[] links =
        [
            .. reader.CustomDebugInformation.Select(reader.GetCustomDebugInformation)
                .Where(information => reader.GetGuid(information.Kind) == SourceLink)
                .Select(information => Encoding.UTF8.GetString(reader.GetBlobBytes(information.Value))),
        ];
        Assert.Contains("https://raw.githubusercontent.com/irohrpc/irohrpc/", Assert.Single(links), StringComparison.Ordinal);
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
