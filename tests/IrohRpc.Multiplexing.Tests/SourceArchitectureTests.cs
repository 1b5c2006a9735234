using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace IrohRpc.Tests;

/// <summary>
/// Layers, names and circles of everything in <c>src</c>, read from the source itself. The rules are those of docs/architecture.md.
/// </summary>
public sealed partial class SourceArchitectureTests
{
    // From the bottom up. A project uses what stands before it.
    private static readonly string[] Layers =
    [
        "IrohRpc.Identity", "IrohRpc.Hashing", "IrohRpc.Multiplexing", "IrohRpc.Transports", "IrohRpc.Quic", "IrohRpc.Reach", "IrohRpc.Relay",
        "IrohRpc.Relay.Server", "IrohRpc.Routing", "IrohRpc.Blobs", "IrohRpc", "IrohRpc.Gossip", "IrohRpc.Extensions.Policies", "IrohRpc.Extensions.OpenTelemetry",
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
        AssertNone(Files().Where(file => !file.IsPublic && file.Namespace != file.Folder.Replace('/', '.')).Select(file => $"{file.Path} is in {file.Namespace}"));
    }

    [Fact]
    public void A_type_lies_in_one_folder()
    {
        IEnumerable<string> split = Files()
            .SelectMany(file => file.Defines.Select(type => (Type: $"{Project(file.Folder)}: {file.Namespace}.{type}", file.Folder)))
            .GroupBy(part => part.Type)
            .Where(parts => parts.Select(part => part.Folder).Distinct().Count() > 1)
            .Select(parts => parts.Key);
        AssertNone(split);
    }

    [Fact]
    public void Folders_of_a_project_use_each_other_without_a_circle()
    {
        foreach (IGrouping<string, SourceFile> project in Files().GroupBy(file => Project(file.Folder)))
        {
            SourceFile[] files = [.. project.Where(file => file.Room.Length > 0)];
            ILookup<string, string> rooms = files.SelectMany(file => file.Defines.Select(type => (type, file.Room))).Distinct().ToLookup(pair => pair.type, pair => pair.Room);
            Dictionary<string, Dictionary<string, string>> uses = files.GroupBy(file => file.Room).ToDictionary(
                room => room.Key,
                room => room
                    .SelectMany(file => file.Uses.Where(type => rooms[type].Any() && !rooms[type].Contains(room.Key))
                        .SelectMany(type => rooms[type].Select(used => (Used: used, Why: $"{file.Path} uses {type} of {used}"))))
                    .DistinctBy(use => use.Used)
                    .ToDictionary(use => use.Used, use => use.Why));
            IEnumerable<string> circle = uses.Keys
                .Where(from => Reachable(uses, from).Contains(from))
                .SelectMany(from => uses[from].Where(use => Reachable(uses, use.Key).Contains(from)).Select(use => use.Value));
            AssertNone(circle);
        }
    }

    private static HashSet<string> Reachable(Dictionary<string, Dictionary<string, string>> uses, string from)
    {
        var seen = new HashSet<string>();
        var next = new Stack<string>(uses[from].Keys);
        while (next.TryPop(out string? one))
        {
            if (seen.Add(one))
            {
                foreach (string other in uses[one].Keys)
                {
                    next.Push(other);
                }
            }
        }

        return seen;
    }

    private static void AssertNone(IEnumerable<string> wrong) => Assert.True(!wrong.Any(), string.Join('\n', wrong));

    private static string Project(string folder) => folder.Split('/')[0];

    private static IEnumerable<SourceFile> Files()
        => Directory.GetFiles(Source, "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Source, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/build/", StringComparison.Ordinal))
            .Select(path => SourceFile.Read(path, File.ReadAllText(Path.Combine(Source, path))))
            .OfType<SourceFile>();

    private static string FindSource([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "src"));

    /// <summary>A file of source. What it uses is found by name: a name that it declares itself, as a type or as a member, is not taken for a use.</summary>
    private sealed partial record SourceFile(string Path, string Folder, string Namespace, bool IsPublic, HashSet<string> Defines, HashSet<string> Uses)
    {
        /// <summary>
        /// The folder below the project, without "Internal", which holds the inside of the folder it lies in. Empty for a project's public face, which every folder may name.
        /// </summary>
        public string Room => string.Join('/', Folder.Split('/').Skip(1).Where(part => part != "Internal"));

        public static SourceFile? Read(string path, string text)
        {
            if (NamespaceLine().Match(text) is not { Success: true } match)
            {
                return null;
            }

            string code = EnumBody().Replace(NotCode().Replace(text, " "), "enum $1 ");
            HashSet<string> defines = [.. Definition().Matches(code).Select(found => found.Groups[1].Value)];
            HashSet<string> uses = [.. Name().Matches(code).Select(found => found.Value)];
            uses.ExceptWith(defines);
            uses.ExceptWith(Member().Matches(code).Where(found => found.Groups[1].Value != found.Groups[2].Value).Select(found => found.Groups[2].Value));
            return new SourceFile(path, System.IO.Path.GetDirectoryName(path)!.Replace('\\', '/'), match.Groups[1].Value, PublicType().IsMatch(text), defines, uses);
        }

        [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
        private static partial Regex NamespaceLine();

        [GeneratedRegex("^public ", RegexOptions.Multiline)]
        private static partial Regex PublicType();

        [GeneratedRegex("""//.*|/\*[\s\S]*?\*/|"(?:[^"\\\n]|\\.)*"|^using .*$""", RegexOptions.Multiline)]
        private static partial Regex NotCode();

        [GeneratedRegex(@"\benum\s+(\w+)[^{;]*\{[^}]*\}")]
        private static partial Regex EnumBody();

        [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|partial|readonly|ref|unsafe) )*(?:class|struct|interface|enum|record(?: struct| class)?)\s+([A-Z]\w*)", RegexOptions.Multiline)]
        private static partial Regex Definition();

        [GeneratedRegex(@"(?<![.\w])[A-Z]\w*")]
        private static partial Regex Name();

        // A type, a name, and what only follows the name of a member that is declared.
        [GeneratedRegex(@"(?<!\bnew |\breturn |\bawait |\bthrow |\bis |\bas |\bcase |\bin |\bout |\bref |\bclass |\bstruct |\brecord )\b(\w+)(?:<[^;{}()]*>)?[?\[\]]*\s+([A-Z]\w*)\s*(?:\{|=>|=(?!=)|\(|;)")]
        private static partial Regex Member();
    }
}
