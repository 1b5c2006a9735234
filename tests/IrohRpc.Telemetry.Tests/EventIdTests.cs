using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace IrohRpc.Telemetry.Tests;

/// <summary>Log messages can be told apart by their event ids.</summary>
public sealed partial class EventIdTests
{
    [Fact]
    public void Event_ids_of_a_project_are_unique()
    {
        string source = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "src"));
        var ids = new Dictionary<(string Project, int Id), string>();
        foreach (string path in Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            foreach (Match match in EventId().Matches(File.ReadAllText(path)))
            {
                string name = Path.GetRelativePath(source, path);
                (string, int) key = (name.Split(Path.DirectorySeparatorChar)[0], int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
                Assert.True(ids.TryAdd(key, name), $"{name} and {ids.GetValueOrDefault(key)} both have the event id {key.Item2}.");
            }
        }

        Assert.NotEmpty(ids);
    }

    private static string Here([CallerFilePath] string path = "") => path;

    [GeneratedRegex(@"LoggerMessage\((?:EventId = )?(\d+)")]
    private static partial Regex EventId();
}
