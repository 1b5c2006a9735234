using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace IrohRpc.Tests;

/// <summary>docs/guarantees.md, docs/findings.md and docs/security.md name tests that exist, and every finding has its row.</summary>
public sealed partial class GuaranteesPageTests
{
    [Fact]
    public async Task Page_names_tests_that_exist()
    {
        string page = await ReadAsync("guarantees") + await ReadAsync("findings") + await ReadAsync("security");
        string[] named = [.. NamesOfTests().Matches(page).Select(static match => match.Groups[1].Value).Distinct()];
        Assert.True(named.Length > 80, $"{named.Length} tests are named.");
        HashSet<string> methods = [];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match match in Methods().Matches(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)))
            {
                methods.Add(match.Groups[1].Value);
            }
        }

        Assert.Empty(named.Except(methods));
    }

    /// <summary>The numbers of each report, as the page's chapters have them.</summary>
    public static TheoryData<string, string> Reports => new()
    {
        { "Review", "H1-11 M1-18" },
        { "Runtime", "B1-25 B27-28" },
        { "Security", "H1-5 H7-7 M1-5" },
        { "Newcomer", "B1-1 B3-9" },
        { "Contracts", "3.2-4 4.3-8" },
        { "Chaos", "F1-11 C1-2 H1-4 M1-7 L1-7" },
    };

    [Theory]
    [MemberData(nameof(Reports))]
    public async Task Every_finding_has_a_row_with_a_test(string report, string numbers)
    {
        string chapter = (await ReadAsync("findings")).Split($"## {report}\n")[1].Split("\n## ")[0];
        HashSet<string> rows =
        [
            .. Rows().Matches(chapter).Where(static row => NamesOfTests().IsMatch(row.Value)).SelectMany(static row => row.Groups[1].Value.Split(", ")),
        ];
        IEnumerable<string> expected = numbers.Split(' ').SelectMany(static range =>
        {
            Match match = Ranges().Match(range);
            int first = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), last = int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture);
            return Enumerable.Range(first, last - first + 1).Select(number => match.Groups[1].Value + number.ToString(CultureInfo.InvariantCulture));
        });
        Assert.Empty(expected.Except(rows));
    }

    private static string Root => Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../..");

    private static Task<string> ReadAsync(string page) => File.ReadAllTextAsync(Path.Combine(Root, $"docs/{page}.md"), TestContext.Current.CancellationToken);

    [GeneratedRegex(@"^\| ([A-Z]?\d[^|]*?) \|.*$", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex(@"^(.*?)(\d+)-(\d+)$")]
    private static partial Regex Ranges();

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`")]
    private static partial Regex NamesOfTests();

    [GeneratedRegex(@"public (?:async )?(?:Task|void|ValueTask) ([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)\(")]
    private static partial Regex Methods();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
