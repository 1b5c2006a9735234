using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace IrohRpc.Tests;

/// <summary>Layers, names and circles of everything in <c>src</c>, read from the source itself.</summary>
public sealed partial class SourceArchitectureTests
{
    // From the bottom up. A project uses what stands before it.
    private static readonly string[] Layers =
    [
        "IrohRpc.Identity", "IrohRpc.Hashing", "IrohRpc.Multiplexing", "IrohRpc.Transports", "IrohRpc.Quic", "IrohRpc.Reach", "IrohRpc.Relay",
        "IrohRpc.Relay.Server", "IrohRpc.Routing", "IrohRpc.Blobs", "IrohRpc", "IrohRpc.Gossip",
    ];

    // Folders whose internal types are not yet in the namespace of their folder. Delete a line when its folder is done; one that is not needed fails.
    private static readonly HashSet<string> NotYetNamedByFolder =
    [
        "IrohRpc/Payloads/Formatters",
        "IrohRpc.Blobs/Getter",
        "IrohRpc.Multiplexing/QMux", "IrohRpc.Multiplexing/Streams",
        "IrohRpc.Routing/Internal", "IrohRpc.Routing/Internal/Accepting", "IrohRpc.Routing/Internal/Dialling",
        "IrohRpc.Transports/Memory/Internal", "IrohRpc.Transports/Multiplexed", "IrohRpc.Transports/QMux",
    ];

    // Namespaces that still use each other in a circle.
    private static readonly HashSet<string> NotYetWithoutCircle =
    [
        "IrohRpc.Blobs.Store", "IrohRpc.Blobs.Trees",
        "IrohRpc.Gossip.Broadcasting", "IrohRpc.Gossip.Internal", "IrohRpc.Gossip.Membership",
        "IrohRpc.Quic.Tls.Authentication", "IrohRpc.Quic.Tls.Keys", "IrohRpc.Quic.Tls.Messages", "IrohRpc.Quic.Tls.Resumption",
    ];

    private static readonly string Source = FindSource();

    [Fact]
    public void Projects_use_what_stands_below_them()
    {
        string[] projects = [.. Directory.GetFiles(Source, "*.csproj", SearchOption.AllDirectories)];
        Assert.NotEmpty(projects);
        foreach (string project in projects)
        {
            string name = Path.GetFileNameWithoutExtension(project);
            IEnumerable<string> used = XDocument.Load(project).Descendants("ProjectReference")
                .Select(reference => reference.Attribute("Include")!.Value.Replace('\\', '/'))
                .Where(path => !path.Contains('@', StringComparison.Ordinal) && !path.Contains("/generators/", StringComparison.Ordinal))
                .Select(path => Path.GetFileNameWithoutExtension(path));
            Assert.All(used, below => Assert.True(
                Array.IndexOf(Layers, name) < 0 || (Array.IndexOf(Layers, below) is >= 0 and var at && at < Array.IndexOf(Layers, name)),
                $"{name} uses {below}, which does not stand below it."));
        }
    }

    [Fact]
    public void An_internal_type_is_in_the_namespace_of_its_folder()
    {
        HashSet<string> wrong =
        [
            .. Files().Where(file => !file.IsPublic && file.Namespace != file.Folder.Replace('/', '.')).Select(file => file.Folder),
        ];
        Assert.Equal(NotYetNamedByFolder.Order(), wrong.Order());
    }

    [Fact]
    public void Folders_of_a_project_use_each_other_without_a_circle()
    {
        Dictionary<string, HashSet<string>> uses = Files()
            .Where(file => file.Namespace == file.Folder.Replace('/', '.'))
            .GroupBy(file => file.Namespace)
            .ToDictionary(
                files => files.Key,
                files => files.SelectMany(file => file.Uses).Where(used => used != files.Key && Project(used) == Project(files.Key)).ToHashSet());
        Assert.Equal(NotYetWithoutCircle.Order(), uses.Keys.Where(from => Reachable(from).Contains(from)).Order());

        HashSet<string> Reachable(string from)
        {
            var seen = new HashSet<string>();
            var next = new Stack<string>(uses[from]);
            while (next.TryPop(out string? one))
            {
                if (seen.Add(one) && uses.TryGetValue(one, out HashSet<string>? more))
                {
                    foreach (string other in more)
                    {
                        next.Push(other);
                    }
                }
            }

            return seen;
        }
    }

    // The name of the project that a namespace belongs to: its first two parts.
    private static string Project(string name) => string.Join('.', name.Split('.').Take(2));

    private static IEnumerable<SourceFile> Files()
        => Directory.GetFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Source, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/build/", StringComparison.Ordinal))
            .Select(path => SourceFile.Read(path, File.ReadAllText(Path.Combine(Source, path))))
            .OfType<SourceFile>();

    private static string FindSource([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src"));

    private sealed partial record SourceFile(string Folder, string Namespace, bool IsPublic, IReadOnlyList<string> Uses)
    {
        public static SourceFile? Read(string path, string text)
            => NamespaceLine().Match(text) is { Success: true } match
                ? new SourceFile(
                    Path.GetDirectoryName(path)!.Replace('\\', '/'),
                    match.Groups[1].Value,
                    PublicType().IsMatch(text),
                    [.. UsingLine().Matches(text).Select(line => line.Groups[1].Value)])
                : null;

        [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
        private static partial Regex NamespaceLine();

        [GeneratedRegex("^public ", RegexOptions.Multiline)]
        private static partial Regex PublicType();

        [GeneratedRegex(@"^using (IrohRpc[\w.]*);", RegexOptions.Multiline)]
        private static partial Regex UsingLine();
    }
}
