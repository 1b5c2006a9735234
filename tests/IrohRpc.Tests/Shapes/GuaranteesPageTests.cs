using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace IrohRpc.Tests;

/// <summary>docs/guarantees.md and docs/security.md name tests that exist.</summary>
public sealed partial class GuaranteesPageTests
{
    [Fact]
    public async Task Page_names_tests_that_exist()
    {
        string root = Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../..");
        string page = await File.ReadAllTextAsync(Path.Combine(root, "docs/guarantees.md"), TestContext.Current.CancellationToken)
            + await File.ReadAllTextAsync(Path.Combine(root, "docs/security.md"), TestContext.Current.CancellationToken);
        string[] named = [.. NamesOfTests().Matches(page).Select(static match => match.Groups[1].Value).Distinct()];
        Assert.True(named.Length > 80, $"{named.Length} tests are named.");
        HashSet<string> methods = [];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories))
        {
            foreach (Match match in Methods().Matches(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)))
            {
                methods.Add(match.Groups[1].Value);
            }
        }

        Assert.Empty(named.Except(methods));
    }

    [GeneratedRegex("`([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)`")]
    private static partial Regex NamesOfTests();

    [GeneratedRegex(@"public (?:async )?(?:Task|void|ValueTask) ([A-Z][A-Za-z0-9]*_[A-Za-z0-9_]+)\(")]
    private static partial Regex Methods();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
